"""Onde o servidor guarda os dados em cada sistema."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def pasta_de_dados() -> Path:
    """A pasta de dados de quem usa o computador: a que o sistema indica, ou a de costume."""
    casa = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or casa / "AppData" / "Roaming") / "ChatMultissala"
    if sys.platform == "darwin":
        return casa / "Library" / "Application Support" / "ChatMultissala"
    return Path(os.environ.get("XDG_DATA_HOME") or casa / ".local" / "share") / "chat-multissala"
