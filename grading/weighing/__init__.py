"""From a need and what is known to a proof; `grading.weighing.weigh` begins."""
