"""A segunda linha do cartão de endereços: a impressão digital do certificado e como o servidor se vê na rede."""

from __future__ import annotations

import tkinter as tk

from interface.componentes import Entrada, Painel, Rotulo, RotuloComIcone
from interface.tema import tema_de
from servidor.configuracao import Configuracao
from servidor.janela.botao_de_copiar import BotaoDeCopiar
from servidor.janela.seguranca import aviso_de_cifra, como_se_ve_na_rede

_DICA = "Copiar a impressão digital"


class LinhaDeSeguranca(Painel):
    """A impressão digital se seleciona e se copia, para conferir com a que o aluno vê."""

    def __init__(self, mestre: tk.Misc) -> None:
        super().__init__(mestre)
        self._tema = tema_de(mestre)
        self._cadeado = RotuloComIcone(self, "cadeado", "Impressão digital", fonte="legenda", cor="apagado", cor_do_icone="ok", folga=10)
        self.impressao = Entrada(self, largura=24, receita="entrada_nua", fonte="mono")
        self.botao = BotaoDeCopiar(self, lambda: self.impressao.texto, _DICA)
        self.visivel = Rotulo(self, "", fonte="legenda", cor="apagado", quebra_sozinho=True)

    def mostrar(self, configuracao: Configuracao, impressao: str | None) -> bool:
        """Mostra o que há a dizer; falso se não há nada."""
        for parte in (self._cadeado, self.impressao, self.botao, self.visivel):
            parte.pack_forget()
        frase = aviso_de_cifra(configuracao, impressao) or como_se_ve_na_rede(configuracao)
        if impressao is not None:
            self._tema.empacotar(self._cadeado, side="left", padx=(2, 10))
            self.impressao.state(["!readonly"])
            self.impressao.texto = impressao
            self.impressao.configure(width=len(impressao))
            self.impressao.state(["readonly"])
            self.impressao.pack(side="left")
            self._tema.empacotar(self.botao, side="left", padx=(4, 14))
        self.visivel.definir(frase, cor="apagado" if impressao is not None else "aviso")
        self.visivel.pack(side="left", fill="x", expand=True)
        return bool(impressao or frase)
