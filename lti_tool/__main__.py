"""python -m lti_tool is the same as attune."""

from lti_tool.cli import main

main()
