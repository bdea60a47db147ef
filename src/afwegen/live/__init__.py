"""
The account of a running session, for the projector: step by step, as it grows (*meekijken*).

Served on this machine, to this machine, as the public may see it. Who embeds afwegen mounts ``app`` instead, and says
who may look.
"""

from afwegen.live.app import app
from afwegen.live.serving import HOST, PORT, serve

__all__ = ["HOST", "PORT", "app", "serve"]
