# The part of flask-wtf that Attune uses: the package itself has no types for it.
from flask_wtf.csrf import CSRFProtect as CSRFProtect
