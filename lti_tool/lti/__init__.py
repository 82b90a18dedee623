"""What Attune says to platforms and hears from them: LTI 1.3, Deep Linking 2.0, AGS 2.0.

Values come out of here, never objects of a protocol library: PyLTI1p3 stays behind `seam`,
`login` and `launch`, and the network behind `lti_tool.safe_http`.
"""
