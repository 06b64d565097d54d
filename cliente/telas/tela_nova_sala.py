"""Criar uma sala: nome, assunto e, se se quiser, uma senha."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from cliente.sessao.mudancas import EntradaRecusada, EntrouNaSala, Mudanca
from cliente.telas.tela import Tela
from interface.componentes import (
    Botao, Campo, CampoDeSenha, Cartao, Faixa, Interruptor, Painel, PainelRolavel, Recuo, Rotulo, RotuloComIcone,
)
from interface.tema import tema_de
from protocolo.erros import ErroDeProtocolo
from protocolo.limites import LINHA_MAX, SALA_MAX, SENHA_MAX
from protocolo.textos import limpar_linha, limpar_sala

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

_AJUDA_DO_NOME = f"Até {SALA_MAX} caracteres: letras, algarismos, espaço e _ - . '"
_AJUDA_DA_SENHA = "Só entra quem a souber. Diga-a por outro caminho."
_AJUDA_DO_ASSUNTO = "Aparece na lista de salas e no alto da conversa."


class TelaNovaSala(Tela):
    """Quem cria a sala entra nela e a modera."""

    passo = 2

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self._pedida: str | None = None
        rolavel = PainelRolavel(self, centrado=True)
        rolavel.pack(fill="both", expand=True)
        cartao = Cartao(rolavel.dentro, margem=28)
        self._tema.empacotar(cartao, padx=16, pady=(8, 40))
        alto = Painel(cartao)
        alto.pack(fill="x")
        Rotulo(alto, "Nova sala", fonte="titulo").pack(side="left")
        self.nome = Campo(cartao, "Nome da sala", ajuda=_AJUDA_DO_NOME, largura=48, ao_mudar=self._ao_digitar_nome)
        self._tema.empacotar(self.nome, fill="x", pady=(14, 0))
        self.assunto = Campo(cartao, "Assunto (opcional)", ajuda=_AJUDA_DO_ASSUNTO, largura=48,
                             ao_mudar=self._ao_digitar_assunto)
        self._tema.empacotar(self.assunto, fill="x", pady=(14, 0))
        self._montar_senha(cartao)
        nota = Recuo(cartao)
        self._tema.empacotar(nota, fill="x", pady=(18, 0))
        RotuloComIcone(nota, "escudo", "Você será moderador: pode expulsar e banir nesta sala.", fonte="legenda",
                       cor="apagado", cor_do_icone="destaque").pack(anchor="w")
        self._faixa = Faixa(cartao, pady=(14, 0))
        self._montar_botoes(cartao, alto)
        for campo in (self.nome, self.assunto, self.senha):
            for tecla in ("<Return>", "<KP_Enter>"):
                campo.entrada.bind(tecla, lambda _e: self._ao_confirmar())

    def _montar_senha(self, cartao: Cartao) -> None:
        self.protege = Interruptor(cartao, "Proteger com senha", ao_mudar=self._ao_proteger)
        self._tema.empacotar(self.protege, anchor="w", pady=(16, 0))
        self.senha = CampoDeSenha(cartao, "Senha da sala", ajuda=_AJUDA_DA_SENHA, largura=42)

    def _montar_botoes(self, cartao: Cartao, alto: Painel) -> None:
        self._pe = Painel(cartao)
        self._tema.empacotar(self._pe, fill="x", pady=(20, 0))
        self.botao = Botao(self._pe, "Criar e entrar", self._ao_confirmar, tipo="primario")
        self.botao.pack(side="right")
        self.cancelar = Botao(self._pe, "Cancelar", self.ao_voltar)
        self._tema.empacotar(self.cancelar, side="right", padx=10)
        # Por último: o X é do mouse, e quem usa Tab já passou pelo Cancelar.
        Botao(alto, comando=self.ao_voltar, tipo="fantasma", icone="fechar", dica="Voltar (Esc)",
              takefocus=False).pack(side="right")

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """O começo do título da janela."""
        return "Nova sala"

    def ao_chegar(self) -> None:
        """Pronta para outra tentativa."""
        self._terminar_pedido()
        self._faixa.esconder()

    def focar(self) -> None:
        """O nome; se já há nome, o assunto."""
        (self.assunto if self.nome.texto and not self.nome.tem_erro else self.nome).focar()

    def ao_voltar(self) -> None:
        """De volta à lista de salas; o que se digitou fica."""
        self.janela.ir_para("salas")

    def preencher(self, nome: str) -> None:
        """Propõe um nome, o que se procurou e não existe, se o campo estiver vazio e o nome servir."""
        if not self.nome.texto and nome.strip() and not _problema_no_nome(nome.strip()):
            self.nome.texto = nome.strip()

    def receber(self, mudanca: Mudanca) -> None:
        """A sala criada limpa os campos; a recusa aparece ao lado do campo."""
        if isinstance(mudanca, EntrouNaSala) and mudanca.criada:
            self._terminar_pedido()
            self.nome.texto = self.assunto.texto = self.senha.texto = ""
            self.protege.valor = False
            self._ao_proteger(False)
            self.nome.limpar_erro()
            self.assunto.limpar_erro()
        elif isinstance(mudanca, EntradaRecusada) and mudanca.criando and self._pedida is not None:
            self._terminar_pedido()
            self._mostrar_recusa(mudanca)

    # ------------------------------------------------------------------ tratadores

    def _ao_confirmar(self) -> str:
        if self._pedida is not None:
            return "break"
        nome, assunto = self.nome.texto.strip(), self.assunto.texto.strip()
        problema = _problema_no_nome(nome) or ("" if nome else "Dê um nome à sala.")
        if problema:
            self.nome.mostrar_erro(problema)
        elif problema := _problema_no_assunto(assunto):
            self.assunto.mostrar_erro(problema)
        elif problema := self._problema_na_senha():
            self.senha.mostrar_erro(problema)
        else:
            self._pedida = nome
            self._faixa.esconder()
            self.botao.definir(texto="Criando…")
            self.botao.habilitar(False)
            if self.protege.valor:
                self.janela.cadeados.notar(nome.removeprefix("#"))
            self.sessao.criar(nome, assunto, self.senha.texto if self.protege.valor else None)
        return "break"

    def _problema_na_senha(self) -> str:
        if not self.protege.valor:
            return ""
        if not self.senha.texto:
            return "Escreva a senha, ou desligue a proteção."
        return f"No máximo {SENHA_MAX} caracteres." if len(self.senha.texto) > SENHA_MAX else ""

    def _ao_proteger(self, protege: bool) -> None:
        if not protege:
            self.senha.limpar_erro()
            self.senha.pack_forget()
            return
        self._tema.empacotar(self.senha, fill="x", pady=(12, 0), after=self.protege)
        if self.janela.tela is self:
            self.senha.focar()

    def _ao_digitar_nome(self, texto: str) -> None:
        problema = _problema_no_nome(texto.strip())
        if problema:
            self.nome.mostrar_erro(problema, foca=False)

    def _ao_digitar_assunto(self, texto: str) -> None:
        problema = _problema_no_assunto(texto.strip())
        if problema:
            self.assunto.mostrar_erro(problema, foca=False)

    def _mostrar_recusa(self, recusa: EntradaRecusada) -> None:
        campos = {"sala": self.nome, "assunto": self.assunto, "senha": self.senha}
        campo = campos.get(recusa.campo or "")
        if campo is not None:
            campo.mostrar_erro(recusa.frase)
        else:
            self._faixa.mostrar(recusa.frase, "erro", pode_fechar=False)
            self._tema.empacotar(self._faixa, fill="x", pady=(14, 0), before=self._pe)

    def _terminar_pedido(self) -> None:
        self._pedida = None
        self.botao.definir(texto="Criar e entrar")
        self.botao.habilitar(True)


def _problema_no_nome(nome: str) -> str:
    if not nome:
        return ""
    try:
        limpar_sala(nome)
    except ErroDeProtocolo as erro:
        return erro.mensagem
    return ""


def _problema_no_assunto(assunto: str) -> str:
    try:
        limpar_linha(assunto, "assunto", LINHA_MAX)
    except ErroDeProtocolo as erro:
        return erro.mensagem
    return ""
