"""``python -m tests.cliente.abrir_terminal porta=… nome=…``: só o cliente de texto, sem a linha de comando."""

from __future__ import annotations

import sys

from cliente.terminal import principal

if __name__ == "__main__":
    opcoes = dict(argumento.split("=", 1) for argumento in sys.argv[1:])
    porta = int(opcoes.pop("porta"))
    sys.exit(principal(porta=porta, **opcoes))
