"""Where people stand in their programs: what is known of them, asked of the engine, and kept for lists."""
