"""Abre o servidor do Chat Multissala com dois cliques. Fica ao lado das pastas do programa."""

import sys
from pathlib import Path

TITULO = "Servidor — Chat Multissala"
SOZINHO = "Este arquivo precisa ficar na pasta do Chat Multissala, ao lado das outras pastas do programa."


def reclamar(frase):
    """Sem o resto do programa, só há a caixa de mensagem do Windows e o terminal."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, frase, TITULO, 0x10)
    return frase


def principal():
    """Põe a pasta deste arquivo no caminho e entrega a partida a quem sabe mostrar erros."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    try:
        from interface.partida import abrir
    except ImportError:
        return reclamar(SOZINHO)
    return abrir("servidor.__main__", TITULO)


if __name__ == "__main__":
    sys.exit(principal())
