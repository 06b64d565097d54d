"""A identidade do servidor: conferida na primeira conexão cifrada, e recusada quando muda."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from cliente.sessao import Certificado
from cliente.telas.recentes import montar_endereco
from cliente.telas.tela import Tela
from interface.componentes import Botao, Cartao, Entrada, Painel, PainelRolavel, Recuo, Rotulo
from interface.imagens import Ladrilho
from interface.tema import tema_de

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

_QUEBRA = 440
_LADO_DO_LADRILHO = 56
_CONFIRA = ("É a primeira conexão protegida com este servidor. Confira se a impressão digital abaixo é a mesma que "
            "aparece na janela do servidor: se for, ninguém está lendo a conversa no caminho.")
_MUDOU = ("Pode ser outro computador se passando por ele. Por segurança, nada foi enviado. Antes de continuar, confira "
          "com quem cuida do servidor se ele foi reinstalado.")


class TelaCertificado(Tela):
    """``mostrar_desconhecido`` ou ``mostrar_mudado`` antes de ficar à vista. O botão com o foco é o mais seguro."""

    passo = 0

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self._titulo = "Certificado"
        self._ao_voltar: Callable[[], object] = lambda: None
        rolavel = PainelRolavel(self, centrado=True)
        rolavel.pack(fill="both", expand=True)
        self._cartao = Cartao(rolavel.dentro, margem=28)
        self._tema.empacotar(self._cartao, padx=16, pady=(8, 40))
        self.impressoes: list[Entrada] = []
        """As impressões digitais escritas na tela; selecionam-se e copiam-se."""

    def mostrar_desconhecido(self, host: str, porta: int, certificado: Certificado,
                             ao_confiar: Callable[[], object], ao_voltar: Callable[[], object]) -> None:
        """Um certificado nunca visto: confia-se ou volta-se."""
        self._titulo, self._ao_voltar = "Conferir o servidor", ao_voltar
        self._recomecar("escudo", "destaque_suave", "destaque")
        self._escrever("Este é o servidor certo?", "texto", host, porta, _CONFIRA)
        self._por_impressao("Impressão digital do servidor", certificado)
        pe = self._por_pe()
        self.confiar = self._padrao = Botao(pe, "Confiar e continuar", ao_confiar, tipo="grande")
        self.voltar = Botao(pe, "Voltar", self.ao_voltar, tipo="fantasma", icone="volta")
        self.voltar.pack(side="left")
        self._tema.empacotar(self.confiar, side="right", fill="x", expand=True, padx=(12, 0))

    def mostrar_mudado(self, host: str, porta: int, conhecido: Certificado, agora: Certificado,
                       ao_esquecer: Callable[[], object], ao_voltar: Callable[[], object]) -> None:
        """O certificado não é o de sempre: o botão com o foco volta; esquecer o antigo é preciso querer."""
        self._titulo, self._ao_voltar = "Certificado mudou", ao_voltar
        self._recomecar("alerta", "erro_suave", "erro")
        self._escrever("O certificado deste servidor mudou", "erro", host, porta, _MUDOU)
        self._por_impressao("Impressão digital aceita antes", conhecido)
        self._por_impressao("Impressão digital apresentada agora", agora, "erro")
        pe = self._por_pe()
        self.voltar = self._padrao = Botao(pe, "Voltar sem conectar", self.ao_voltar, tipo="grande")
        self.voltar.pack(fill="x")
        self.esquecer = Botao(pe, "O servidor foi reinstalado: esquecer o antigo", ao_esquecer, tipo="perigo")
        self._tema.empacotar(self.esquecer, fill="x", pady=(10, 0))

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """O começo do título da janela."""
        return self._titulo

    def focar(self) -> None:
        """No botão que Enter aciona."""
        self._padrao.focus_set()

    def ao_voltar(self) -> None:
        """Esc: nada se confia."""
        self._ao_voltar()

    # ------------------------------------------------------------------ desenho

    def _recomecar(self, icone: str, fundo: str, cor: str) -> None:
        for filho in self._cartao.winfo_children():
            filho.destroy()
        self.impressoes = []
        ladrilho = Rotulo(self._cartao, imagem=Ladrilho(icone, fundo, cor, _LADO_DO_LADRILHO))
        self._tema.empacotar(ladrilho, pady=(0, 12))

    def _escrever(self, titulo: str, cor: str, host: str, porta: int, texto: str) -> None:
        Rotulo(self._cartao, titulo, fonte="titulo", cor=cor, quebra=_QUEBRA, justificar="center").pack()
        endereco = Rotulo(self._cartao, montar_endereco(host, porta), fonte="forte", cor="apagado", quebra=_QUEBRA)
        self._tema.empacotar(endereco, pady=(2, 10))
        Rotulo(self._cartao, texto, cor=cor if cor == "erro" else "apagado", quebra=_QUEBRA).pack()

    def _por_impressao(self, rotulo: str, certificado: Certificado, cor: str = "texto") -> None:
        recuo = Recuo(self._cartao, margem=(16, 10))
        self._tema.empacotar(recuo, fill="x", pady=(14, 0))
        Rotulo(recuo, rotulo, fonte="legenda", cor="erro" if cor == "erro" else "apagado").pack(anchor="w")
        entrada = Entrada(recuo, largura=len(certificado.impressao) + 1, receita="entrada_nua", fonte="mono_titulo",
                          takefocus=False)
        entrada.texto = certificado.impressao
        entrada.state(["readonly"])
        entrada.pack(anchor="w")
        self.impressoes.append(entrada)

    def _por_pe(self) -> Painel:
        pe = Painel(self._cartao)
        self._tema.empacotar(pe, fill="x", pady=(22, 0))
        return pe
