"""Credentials: for their holders, for program leads, and for anybody who verifies one."""
