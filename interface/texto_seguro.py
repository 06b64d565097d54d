"""O que se pode mostrar em Tk sem perder texto nem derrubar o programa. Sem tkinter.

Substitutos soltos fazem toda chamada ao Tk levantar; um NUL corta o texto; e em X11 com
libXft antiga um emoji colorido encerra o processo inteiro, sem exceção a apanhar.
"""

from __future__ import annotations

import sys
import unicodedata

TEMPO_LIMITE_DA_PROVA_S = 15.0
_TROCA = "\ufffd"
_PERMITIDOS = "\n\t"
_FIM_DO_BMP = 0xFFFF
_LIGANTES = frozenset((0x200D, 0xFE0E, 0xFE0F, 0x20E3))
_FAIXAS_DE_SIMBOLOS = ((0x2300, 0x23FF), (0x25A0, 0x27BF), (0x2900, 0x297F), (0x2B00, 0x2BFF), (0x3200, 0x32FF))
# Símbolos comuns de interface, presentes nas fontes de texto e sem versão colorida.
_SIMBOLOS_INOCENTES = frozenset("■□▪▫▲△▶▷▼▽◀◁◆◇○●✓✔✕✗★☆")

_PROVA = """
import tkinter as tk
raiz = tk.Tk()
raiz.withdraw()
janela = tk.Toplevel(raiz)
janela.overrideredirect(True)
janela.geometry("+0+0")
texto = "\\U0001F600\\U0001F512\\U0001F389\\u2705\\u26A1\\u2764\\uFE0F"
for tamanho in (8, 10, 16):
    tk.Label(janela, text=texto, font=("TkDefaultFont", tamanho)).pack()
raiz.update()
raiz.destroy()
"""


def para_tk(texto: str, com_emoji: bool = True) -> str:
    """O texto pronto para qualquer widget.

    Substitutos, controles (menos quebra de linha e tabulação) e inversões de direção viram
    `�`. Sem `com_emoji`, o que uma fonte colorida desenharia vira `:nome:`. O dado original
    não muda: isto é só para mostrar.
    """
    if texto.isascii():
        if texto.isprintable():
            return texto
    elif com_emoji and texto.isprintable() and max(texto) <= "\uffff":
        return texto
    return "".join(_trocar(c, com_emoji) for c in texto)


def _trocar(caractere: str, com_emoji: bool) -> str:
    codigo = ord(caractere)
    categoria = unicodedata.category(caractere)
    if categoria == "Cs" or (categoria == "Cc" and caractere not in _PERMITIDOS):
        return _TROCA
    if 0x202A <= codigo <= 0x202E or 0x2066 <= codigo <= 0x2069:
        return _TROCA
    if com_emoji or not _pode_ser_colorido(codigo, categoria, caractere):
        return caractere
    if codigo in _LIGANTES or 0x1F3FB <= codigo <= 0x1F3FF or 0xE0000 <= codigo <= 0xE007F:
        return ""
    nome = unicodedata.name(caractere, "")
    return f":{nome.lower().replace(' ', '_')}:" if nome else _TROCA


def _pode_ser_colorido(codigo: int, categoria: str, caractere: str) -> bool:
    if codigo > _FIM_DO_BMP or codigo in _LIGANTES:
        return True
    if categoria != "So" or caractere in _SIMBOLOS_INOCENTES:
        return False
    return any(inicio <= codigo <= fim for inicio, fim in _FAIXAS_DE_SIMBOLOS)


def provar_emoji() -> bool | None:
    """Desenha emojis num processo à parte: True se ele sobreviveu, False se morreu.

    None se não deu para saber (sem tela, prazo vencido). Dura até 15 s: chame de uma
    thread que não seja a da janela.
    """
    import subprocess

    try:
        fim = subprocess.run(
            [sys.executable, "-c", _PROVA], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, timeout=TEMPO_LIMITE_DA_PROVA_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    if fim.returncode == 0:
        return True
    # Um traceback é uma falha nossa ou da tela, não do emoji.
    return None if b"Traceback" in fim.stderr else False
