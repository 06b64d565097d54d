"""O que a janela pergunta antes de fazer algo que não se desfaz. Uma pergunta de cada vez."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING, Callable

from servidor.janela.formatos import contar

if TYPE_CHECKING:
    from interface.componentes import Dialogo
    from servidor.nucleo.eventos import SalaVista, UsuarioVisto

_FICA_GUARDADO = "O histórico fica guardado."
_CONSEQUENCIAS = {
    "expulsar": "Sai do servidor agora, e pode voltar.",
    "banir": "Sai do servidor agora, e não entra mais com este nome.",
}


class Perguntas:
    """``operar`` recebe o comando de operador que a pessoa confirmou."""

    def __init__(self, janela: tk.Tk, operar: Callable[[str], None]) -> None:
        self.aberta: Dialogo | None = None
        self._janela = janela
        self.operar = operar

    def parar(self, usuarios: int, ao_confirmar: Callable[[], None]) -> None:
        """Antes de parar com gente conectada."""
        self._fazer("Parar o servidor?", _dizer_quem_cai(usuarios), "Parar servidor", ao_confirmar)

    def reiniciar(self, usuarios: int, ao_confirmar: Callable[[], None]) -> None:
        """Antes de parar e iniciar de novo com gente conectada."""
        self._fazer("Reiniciar o servidor?", f"{_dizer_quem_cai(usuarios)} Os programas dos alunos voltam sozinhos.", "Reiniciar", ao_confirmar)

    def fechar(self, usuarios: int, ao_confirmar: Callable[[], None]) -> None:
        """Antes de fechar a janela com o servidor no ar."""
        texto = _dizer_quem_cai(usuarios) if usuarios else f"O servidor está no ar e vai parar. {_FICA_GUARDADO}"
        self._fazer("Fechar e parar o servidor?", texto, "Parar e fechar", ao_confirmar)

    def moderar(self, acao: str, usuario: UsuarioVisto) -> None:
        """Antes de ``expulsar`` ou ``banir`` alguém do servidor."""
        verbo = acao.capitalize()
        self._fazer(f"{verbo} {usuario.nome}?", _CONSEQUENCIAS[acao], verbo, lambda: self.operar(f"/{acao} {usuario.nome}"))

    def fechar_sala(self, sala: SalaVista) -> None:
        """Antes de fechar uma sala."""
        texto = f"{contar(sala.membros, 'pessoa sai', 'pessoas saem')} da sala, que deixa de existir."
        self._fazer(f"Fechar #{sala.nome}?", texto, "Fechar sala", lambda: self.operar(f"/fechar #{sala.nome}"))

    def dispensar(self) -> None:
        """Tira a pergunta da tela, respondida que não."""
        if self._esta_aberta():
            self.aberta.responder(False)  # type: ignore[union-attr]

    def _esta_aberta(self) -> bool:
        return self.aberta is not None and bool(self.aberta.winfo_exists())

    def _fazer(self, titulo: str, texto: str, acao: str, ao_confirmar: Callable[[], None]) -> None:
        if self._esta_aberta():
            self.aberta.lift()  # type: ignore[union-attr]
            return

        def ao_responder(sim: bool) -> None:
            if sim:
                ao_confirmar()

        from interface.componentes import Dialogo

        self.aberta = Dialogo(self._janela, titulo, texto, ao_responder, sim=acao, e_perigo=True)


def _dizer_quem_cai(usuarios: int) -> str:
    quem = contar(usuarios, "pessoa conectada será desconectada", "pessoas conectadas serão desconectadas")
    return f"{quem}. {_FICA_GUARDADO}"
