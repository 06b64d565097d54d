"""Gravar num arquivo o que está na tela, dizendo como foi."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from servidor.janela.formatos import contar

EscolherArquivo = Callable[[str], str]
"""Recebe o nome sugerido e devolve o caminho escolhido, ou vazio se a pessoa desistiu."""

Avisar = Callable[[str, str, str], None]
"""Título, texto e tipo do aviso."""

_TIPOS = {".txt": "Texto", ".csv": "Planilha (CSV)", ".jsonl": "JSON, um por linha"}


def escolher_arquivo_para_gravar(sugestao: str) -> str:
    """Pergunta ao sistema onde gravar; vazio se a pessoa desistiu."""
    from tkinter import filedialog

    sufixo = Path(sugestao).suffix
    tipos = [(_TIPOS.get(sufixo, "Arquivo"), f"*{sufixo}"), ("Todos os arquivos", "*")]
    return str(filedialog.asksaveasfilename(title="Exportar", initialfile=sugestao, defaultextension=sufixo, filetypes=tipos) or "")


def exportar(caminho: str, dados: bytes, quantos: int, nomes: tuple[str, str], avisar: Avisar) -> None:
    """Grava e avisa quantos ``nomes`` (um, vários) foram, ou por que não pôde. Sem caminho, não faz nada."""
    if not caminho:
        return
    try:
        Path(caminho).write_bytes(dados)
    except OSError as erro:
        avisar("Não foi possível exportar", f"{erro.strerror or erro}: {caminho}", "erro")
        return
    avisar("Exportação feita", f"{contar(quantos, *nomes)} em {caminho}", "ok")
