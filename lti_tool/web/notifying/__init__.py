"""Messages and mail: how somebody wants to be reached, and exactly what each looks like."""
