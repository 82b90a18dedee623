"""Competency frameworks, and which competencies somebody showed."""
