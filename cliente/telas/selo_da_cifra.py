"""O cadeado que diz se a conexão é cifrada, com a impressão digital na dica."""

from __future__ import annotations

import tkinter as tk

from cliente.sessao import Sessao
from interface.componentes import Dica, Rotulo
from interface.imagens import icone
from interface.tema import tema_de

_LADO = 13
_SEM_CIFRA = "Conexão sem cifra: quem estiver na mesma rede pode ler o que passa."


class SeloDaCifra(Rotulo):
    """Fechado e verde: cifrada. Aberto: em claro. Sem conexão, vale o que era na última."""

    def __init__(self, mestre: tk.Misc) -> None:
        super().__init__(mestre)
        self._dica = Dica(self, "")

    @property
    def explicacao(self) -> str:
        """O que a dica diz."""
        return self._dica.texto

    def mostrar(self, sessao: Sessao) -> None:
        """Põe o cadeado de acordo com a conexão."""
        self._dica.texto = explicar_cifra(sessao)
        nome, cor = ("cadeado", "ok") if sessao.cifrado else ("cadeado_aberto", "aviso")
        tema_de(self).vestir(self, image=icone(nome, _LADO, cor))


def explicar_cifra(sessao: Sessao) -> str:
    """Uma frase, com a impressão digital do servidor se a conexão é cifrada; vazio sem servidor."""
    if sessao.cifrado:
        return f"Conexão cifrada. Impressão digital do servidor: {sessao.impressao}"
    return _SEM_CIFRA if sessao.servidor is not None else ""
