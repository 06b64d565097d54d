"""A segunda tela: como se quer ser chamado."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from cliente.sessao import Estado
from cliente.sessao.mudancas import EstadoMudou, Identificado, Mudanca, NomeRecusado
from cliente.telas.contagem import Contagem
from cliente.telas.recentes import montar_endereco
from cliente.telas.tela import Tela
from interface.componentes import Botao, Campo, CampoDeSenha, Cartao, Interruptor, Painel, PainelRolavel, Rotulo
from interface.imagens import avatar
from interface.tema import tema_de
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import NOME_MAX
from protocolo.textos import limpar_nome

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente

_LADO_DO_AVATAR = 72
_FRASES_DA_SENHA: dict[str, str] = {
    Codigo.SENHA_EXIGIDA: "Esse nome é de uma conta: escreva a senha dela, ou escolha outro nome.",
    Codigo.SENHA_INCORRETA: "Senha incorreta. Confira as maiúsculas e tente outra vez.",
}
_AJUDA = f"Até {NOME_MAX} caracteres: letras, algarismos, espaço e _ - . '"


class TelaNome(Tela):
    """O avatar acompanha o que se digita; o nome ruim é apontado antes de ir ao servidor."""

    passo = 1

    def __init__(self, mestre: tk.Misc, janela: JanelaDoCliente) -> None:
        super().__init__(mestre, janela)
        self._tema = tema_de(mestre)
        self._sugestao: str | None = None
        rolavel = PainelRolavel(self, centrado=True)
        rolavel.pack(fill="both", expand=True)
        cartao = Cartao(rolavel.dentro, margem=28)
        self._tema.empacotar(cartao, padx=16, pady=(8, 40))
        self._montar_alto(cartao)
        self.campo = Campo(cartao, "Seu nome na conversa", ajuda=_AJUDA, largura=42, ao_mudar=self._ao_digitar)
        self.campo.pack(fill="x")
        self._montar_conta(cartao)
        self.campo.entrada.bind("<Down>", lambda _e: self._ao_aceitar_sugestao())
        self.sugestao = Botao(cartao, comando=self._ao_aceitar_sugestao, tipo="suave", icone="vai")
        self._montar_botoes(cartao)

    def _montar_alto(self, cartao: Cartao) -> None:
        self._avatar = Rotulo(cartao)
        self._tema.empacotar(self._avatar, pady=(0, 12))
        Rotulo(cartao, "Como você quer ser chamado?", fonte="titulo").pack()
        self._servidor = Rotulo(cartao, "", cor="apagado", quebra=360, justificar="center")
        self._tema.empacotar(self._servidor, pady=(2, 18))
        self._mostrar_avatar("")

    def _montar_conta(self, cartao: Cartao) -> None:
        self.tem_conta = Interruptor(cartao, "Tenho uma conta neste servidor", ao_mudar=self._ao_dizer_da_conta)
        self._tema.empacotar(self.tem_conta, anchor="w", pady=(16, 0))
        self.senha = CampoDeSenha(cartao, "Senha da conta", largura=38)
        self._contagem = Contagem(self.janela, self.senha)
        for campo in (self.campo, self.senha):
            for tecla in ("<Return>", "<KP_Enter>"):
                campo.entrada.bind(tecla, lambda _e: self._ao_confirmar())

    def _ao_dizer_da_conta(self, tem_conta: bool) -> None:
        if not tem_conta:
            self._contagem.parar()
            self.senha.limpar_erro()
            self.senha.pack_forget()
            return
        self._tema.empacotar(self.senha, fill="x", pady=(12, 0), after=self.tem_conta)
        if self.janela.tela is self and self.campo.texto:
            self.senha.focar()

    def _montar_botoes(self, cartao: Cartao) -> None:
        self._pe = Painel(cartao)
        self._tema.empacotar(self._pe, fill="x", pady=(22, 0))
        # Criado primeiro e posto à direita: o Tab vai antes ao que se quer mais.
        self.botao = Botao(self._pe, "Continuar", self._ao_confirmar, tipo="grande")
        self.voltar = Botao(self._pe, "Voltar", self.ao_voltar, tipo="fantasma", icone="volta")
        self.voltar.pack(side="left")
        self._tema.empacotar(self.botao, side="right", fill="x", expand=True, padx=(12, 0))

    # ------------------------------------------------------------------ a tela

    def dizer_titulo(self) -> str:
        """O começo do título da janela."""
        return "Nome"

    def ao_chegar(self) -> None:
        """Diz de que servidor se trata e propõe o último nome usado."""
        if not self.campo.texto:
            self.campo.texto = self.janela.memoria.nome
        self._dizer_servidor()
        self._mostrar_espera()

    def focar(self) -> None:
        """O nome; a senha, se é ela que falta ou está errada."""
        (self.senha if self.tem_conta.valor and self.senha.tem_erro else self.campo).focar()

    def ao_voltar(self) -> None:
        """De volta a Conectar, largando este servidor."""
        self.janela.voltar_a_conectar()

    def preencher(self, nome: str) -> None:
        """Põe um nome no campo."""
        self.campo.texto = nome

    def receber(self, mudanca: Mudanca) -> None:
        """O nome recusado aparece ao lado do campo; o resto muda só o botão."""
        if isinstance(mudanca, NomeRecusado) and self.janela.tela is not self:
            return  # trocava-se de nome já dentro, e o formulário de lá o diz
        if isinstance(mudanca, NomeRecusado) and mudanca.campo == "senha":
            self._ao_recusar_senha(mudanca)
        elif isinstance(mudanca, NomeRecusado):
            self._ao_recusar(mudanca)
        elif isinstance(mudanca, Identificado):
            self.senha.texto = ""
        elif isinstance(mudanca, EstadoMudou):
            self._dizer_servidor()
            self._mostrar_espera()

    # ------------------------------------------------------------------ tratadores

    def _ao_digitar(self, texto: str) -> None:
        self._esconder_sugestao()
        self._mostrar_avatar(texto)
        problema = dizer_problema(texto)
        if problema:
            self.campo.mostrar_erro(problema, foca=False)

    def _ao_confirmar(self) -> str:
        nome = self.campo.texto.strip()
        problema = dizer_problema(nome) or ("" if nome else "Escreva um nome para os outros verem.")
        if problema:
            self.campo.mostrar_erro(problema)
        elif self.tem_conta.valor and not self.senha.texto:
            self.senha.mostrar_erro("Escreva a senha da conta.")
        elif not (self.tem_conta.valor and self._contagem.esta_contando):
            self.janela.identificar(nome, self.senha.texto if self.tem_conta.valor else None)
        return "break"

    def _ao_aceitar_sugestao(self) -> str:
        if self._sugestao is not None:
            self.campo.texto = self._sugestao
            self._ao_confirmar()
        return "break"

    def _ao_recusar(self, recusa: NomeRecusado) -> None:
        frase = recusa.frase
        if recusa.codigo == Codigo.NOME_EM_USO:
            frase = "Esse nome já está em uso."
        self.campo.mostrar_erro(frase)
        self._sugestao = recusa.sugestao
        if recusa.sugestao is not None:
            self.campo.mostrar_erro(f"Esse nome já está em uso. Que tal “{recusa.sugestao}”?")
            self.sugestao.definir(texto=f"Usar “{recusa.sugestao}”  (tecla ↓)")
            self._tema.empacotar(self.sugestao, anchor="w", pady=(8, 0), before=self._pe)
        self._mostrar_espera()

    def _ao_recusar_senha(self, recusa: NomeRecusado) -> None:
        """O campo da senha aparece, com o foco e o motivo; o que se digitou fica."""
        self.tem_conta.valor = True
        self._ao_dizer_da_conta(True)
        if recusa.codigo == Codigo.MUITAS_TENTATIVAS and recusa.espere_ms:
            self._contagem.comecar("Foram senhas erradas demais.", recusa.espere_ms)
        else:
            self.senha.mostrar_erro(_FRASES_DA_SENHA.get(recusa.codigo, recusa.frase))
        self._mostrar_espera()

    # ------------------------------------------------------------------ desenho

    def _esconder_sugestao(self) -> None:
        self._sugestao = None
        self.sugestao.pack_forget()

    def _mostrar_avatar(self, nome: str) -> None:
        limpo = nome.strip()
        self._tema.vestir(self._avatar, image=avatar(limpo or "?", _LADO_DO_AVATAR))

    def _dizer_servidor(self) -> None:
        servidor = self.sessao.servidor
        endereco = montar_endereco(*self.janela.destino)
        self._servidor.definir(f"{servidor.nome} · {endereco}" if servidor is not None else endereco)

    def _mostrar_espera(self) -> None:
        esperas = {Estado.IDENTIFICANDO: "Entrando…", Estado.CONECTANDO: "Conectando…"}
        espera = esperas.get(self.sessao.estado)
        self.botao.definir(texto=espera or "Continuar")
        self.botao.habilitar(espera is None)


def dizer_problema(nome: str) -> str:
    """Por que o servidor não aceitaria este nome; vazio se aceitaria, ou se ainda não há nome."""
    nome = nome.strip()
    if not nome:
        return ""
    try:
        limpar_nome(nome)
    except ErroDeProtocolo as erro:
        return erro.mensagem
    return ""
