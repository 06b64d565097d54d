"""Uma linha da auditoria por inteiro, numa janela que se lê e se copia."""

from __future__ import annotations

import tkinter as tk

from interface.componentes import Botao, Janelinha, Painel, Rotulo, TextoDeLeitura
from servidor.janela.formatos import TRAVESSAO
from servidor.janela.procura_na_auditoria import formatar_data_e_hora, nome_do_tipo
from servidor.publicacao import ItemDeAuditoria

_LARGURA, _ALTURA = 520, 380


class AchadoInteiro(Janelinha):
    """Mostra tudo de um item; Esc ou o botão fecham."""

    def __init__(self, dono: tk.Misc, item: ItemDeAuditoria) -> None:
        super().__init__(dono, f"{item.nome or 'Servidor'} · {nome_do_tipo(item.tipo)}", largura=_LARGURA)
        self._item = item
        campos = Painel(self.corpo)
        campos.pack(fill="x")
        linhas = (("Quando", formatar_data_e_hora(item.hora_ms)), ("Sala", f"#{item.sala}" if item.sala else TRAVESSAO), ("Por", item.por or TRAVESSAO))
        for linha, (rotulo, valor) in enumerate(linhas):
            self._tema.gradear(Rotulo(campos, rotulo, cor="apagado"), row=linha, column=0, sticky="w", padx=(0, 16), pady=2)
            Rotulo(campos, valor).grid(row=linha, column=1, sticky="w")
        self.texto = TextoDeLeitura(self.corpo, margem=(8, 8), plano="lateral", tem_botao_de_novas=False)
        self._tema.vestir(self.texto.texto, width=1, height=1)
        self._tema.empacotar(self.texto, fill="both", expand=True, pady=(12, 0))
        self.texto.acrescentar([item.texto or "(sem texto)", "\n"])
        self.texto.descarregar()
        self.texto.texto.yview_moveto(0)
        Painel(self.corpo, width=_LARGURA, height=1).pack()
        self.botao_de_copiar = Botao(self.rodape, "Copiar", self._copiar, icone="copiar")
        self.botao_de_fechar = Botao(self.rodape, "Fechar", self.sair, tipo="primario")
        self.botao_de_fechar.pack(side="right")
        self._tema.empacotar(self.botao_de_copiar, side="right", padx=10)
        self.abrir(self.botao_de_fechar, _ALTURA)

    def _copiar(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._item.texto)
        self.botao_de_copiar.definir(texto="Copiado", icone="certo")
