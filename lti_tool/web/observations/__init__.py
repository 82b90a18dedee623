"""One observation: asked for, rated, answered, talked about, on paper; what came back, and the record of all."""
