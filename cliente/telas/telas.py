"""As telas da janela: cada uma nasce quando se precisa dela, ou quando a janela não tem mais o que fazer."""

from __future__ import annotations

import importlib
import tkinter as tk
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cliente.telas.conversa.tela import TelaConversa
    from cliente.telas.janela import JanelaDoCliente
    from cliente.telas.tela import Tela
    from cliente.telas.tela_certificado import TelaCertificado
    from cliente.telas.tela_conectar import TelaConectar
    from cliente.telas.tela_nome import TelaNome
    from cliente.telas.tela_senha_da_sala import TelaSenhaDaSala

_FEITAS = {
    "conectar": ("cliente.telas.tela_conectar", "TelaConectar"),
    "nome": ("cliente.telas.tela_nome", "TelaNome"),
    "salas": ("cliente.telas.tela_salas", "TelaSalas"),
    "conversa": ("cliente.telas.conversa.tela", "TelaConversa"),
    "nova_sala": ("cliente.telas.tela_nova_sala", "TelaNovaSala"),
    "senha_da_sala": ("cliente.telas.tela_senha_da_sala", "TelaSenhaDaSala"),
    "certificado": ("cliente.telas.tela_certificado", "TelaCertificado"),
}
"""Nome → módulo e classe, na ordem em que se costuma passar por elas."""

ATE_ADIANTAR_MS = 400
ENTRE_DUAS_MS = 40


class Telas:
    """Quem abre o programa só espera pela primeira; as outras se adiantam, uma de cada vez, depois de ela aparecer."""

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        self._mestre, self._janela = mestre, janela
        self._prontas: dict[str, Tela] = {}
        janela.agendar(ATE_ADIANTAR_MS, self._adiantar)

    def __getitem__(self, nome: str) -> Tela:
        """A tela com esse nome, feita agora se ainda não existia. KeyError se não há."""
        return self._prontas.get(nome) or self._fazer(nome)

    def todas(self) -> Iterable[Tela]:
        """Todas: o que a sessão conta interessa também às que não estão à vista."""
        return [self[nome] for nome in _FEITAS]

    def _fazer(self, nome: str) -> Tela:
        modulo, classe = _FEITAS[nome]
        tela: Tela = getattr(importlib.import_module(modulo), classe)(self._mestre, self._janela)
        self._prontas[nome] = tela
        return tela

    def _adiantar(self) -> None:
        falta = next((nome for nome in _FEITAS if nome not in self._prontas), None)
        if falta is not None:
            self._fazer(falta)
            self._janela.agendar(ENTRE_DUAS_MS, self._adiantar)


class ComTelas:
    """A parte da janela que dá cada tela pelo seu tipo."""

    _telas: Telas

    @property
    def conectar_tela(self) -> TelaConectar:
        """Onde se diz o servidor."""
        return self._telas["conectar"]  # type: ignore[return-value]

    @property
    def certificado_tela(self) -> TelaCertificado:
        """Onde se confere um servidor novo."""
        return self._telas["certificado"]  # type: ignore[return-value]

    @property
    def nome_tela(self) -> TelaNome:
        """Onde se escolhe o nome."""
        return self._telas["nome"]  # type: ignore[return-value]

    @property
    def senha_da_sala_tela(self) -> TelaSenhaDaSala:
        """Onde se dá a senha de uma sala."""
        return self._telas["senha_da_sala"]  # type: ignore[return-value]

    @property
    def conversa_tela(self) -> TelaConversa:
        """Onde se conversa."""
        return self._telas["conversa"]  # type: ignore[return-value]
