"""A senha de uma sala protegida, pedida antes de entrar."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from cliente.sessao import Estado
from cliente.sessao.mudancas import EntradaRecusada, EntrouNaSala, EstadoMudou, Mudanca
from cliente.telas.contagem import Contagem
from cliente.telas.tela import Tela
from interface.componentes import Botao, CampoDeSenha, Cartao, Painel, PainelRolavel, Rotulo
from interface.imagens import Ladrilho
from interface.tema import tema_de
from protocolo.erros import Codigo
from protocolo.textos import chave

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

_AJUDA = "Quem criou a sala escolheu a senha."
_FRASES = {
    Codigo.SENHA_INCORRETA: "Senha incorreta. Confira as maiúsculas e tente outra vez.",
    Codigo.MUITAS_TENTATIVAS: "Foram senhas erradas demais.",
}


class TelaSenhaDaSala(Tela):
    """Chega-se aqui quando o servidor diz que a sala pede senha; o que se digitou fica até entrar."""

    passo = 2

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self.sala = ""
        self._volta_para = "salas"
        self._entrando = False
        rolavel = PainelRolavel(self, centrado=True)
        rolavel.pack(fill="both", expand=True)
        cartao = Cartao(rolavel.dentro, margem=28)
        self._tema.empacotar(cartao, padx=16, pady=(8, 40))
        self._tema.empacotar(Rotulo(cartao, imagem=Ladrilho("cadeado", "aviso_suave", "aviso", 56)), pady=(0, 12))
        self._titulo = Rotulo(cartao, "", fonte="titulo", quebra=380, justificar="center")
        self._titulo.pack()
        self._tema.empacotar(Rotulo(cartao, "Esta sala é protegida.", cor="apagado"), pady=(2, 18))
        self.senha = CampoDeSenha(cartao, "Senha da sala", ajuda=_AJUDA, largura=38)
        self.senha.pack(fill="x")
        self._contagem = Contagem(janela, self.senha)
        for tecla in ("<Return>", "<KP_Enter>"):
            self.senha.entrada.bind(tecla, lambda _e: self._ao_confirmar())
        self._montar_botoes(cartao)

    def _montar_botoes(self, cartao: Cartao) -> None:
        pe = Painel(cartao)
        self._tema.empacotar(pe, fill="x", pady=(22, 0))
        self.botao = Botao(pe, "Entrar na sala", self._ao_confirmar, tipo="grande")
        self.voltar = Botao(pe, "Voltar", self.ao_voltar, tipo="fantasma", icone="volta")
        self.voltar.pack(side="left")
        self._tema.empacotar(self.botao, side="right", fill="x", expand=True, padx=(12, 0))

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """O começo do título da janela."""
        return f"Senha de #{self.sala}"

    def preparar(self, sala: str, volta_para: str) -> None:
        """A próxima sala; a senha digitada para outra não fica."""
        if chave(sala) != chave(self.sala):
            self._contagem.parar()
            self.senha.texto = ""
            self.senha.limpar_erro()
        self.sala, self._volta_para = sala, volta_para
        self._titulo.definir(f"Entrar em #{sala}")
        self._terminar()

    def focar(self) -> None:
        """O único campo."""
        self.senha.focar()

    def ao_voltar(self) -> None:
        """De onde se veio, sem a senha."""
        self.senha.texto = ""
        self.janela.ir_para(self._volta_para)

    def receber(self, mudanca: Mudanca) -> None:
        """Entrou: a senha some daqui. Recusada: a frase aparece ao lado do campo, e a senha fica."""
        if isinstance(mudanca, EntrouNaSala) and chave(mudanca.sala) == chave(self.sala):
            self._contagem.parar()
            self.senha.texto = ""
            self.senha.limpar_erro()
            self._terminar()
        elif isinstance(mudanca, EntradaRecusada) and self._entrando and chave(mudanca.sala) == chave(self.sala):
            self._terminar()
            self._mostrar_recusa(mudanca)
        elif isinstance(mudanca, EstadoMudou) and mudanca.para is not Estado.IDENTIFICADA:
            self._terminar()

    # ------------------------------------------------------------------ tratadores

    def _ao_confirmar(self) -> str:
        if self._entrando or self._contagem.esta_contando:
            return "break"
        if not self.senha.texto:
            self.senha.mostrar_erro("Escreva a senha da sala.")
            return "break"
        self._entrando = True
        self.botao.definir(texto="Entrando…")
        self.botao.habilitar(False)
        self.janela.cadeados.notar(self.sala)
        self.sessao.entrar(self.sala, senha=self.senha.texto)
        return "break"

    def _mostrar_recusa(self, recusa: EntradaRecusada) -> None:
        codigo = Codigo(recusa.codigo) if recusa.codigo in set(Codigo) else None
        frase = _FRASES.get(codigo, recusa.frase) if codigo is not None else recusa.frase
        if codigo is Codigo.MUITAS_TENTATIVAS and recusa.espere_ms:
            self._contagem.comecar(frase, recusa.espere_ms)
        else:
            self.senha.mostrar_erro(frase, foca=self.janela.tela is self)

    def _terminar(self) -> None:
        self._entrando = False
        self.botao.definir(texto="Entrar na sala")
        self.botao.habilitar(True)
