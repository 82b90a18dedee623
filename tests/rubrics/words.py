"""Words that no text of ours says to a person."""

import re

BANNED = re.compile(
    r"fail|reject|denied|invalid|illegal|forbidden|violation|delinquent|deficient|unsatisfactory|incompetent|overdue|"
    r"expired|terminate|abort|\bkill|suspicious|penalty|remediation|you must|you forgot|warning!|hurry|last chance|"
    r"\bsimply\b|approve|student|teacher",
    re.IGNORECASE,
)
