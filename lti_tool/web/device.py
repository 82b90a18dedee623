"""What a signed-in page needs to keep words on the device while there is no connection."""

from flask import Blueprint

bp = Blueprint("device", __name__)
