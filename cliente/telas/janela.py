"""A janela do cliente: guarda as telas, leva a elas o que a sessão conta e decide qual está à vista."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from cliente.sessao.confianca import ARQUIVO_DOS_CERTIFICADOS, Confianca
from cliente.telas.faixa_da_conexao import FaixaDaConexao
from cliente.telas.memoria import Memoria
from cliente.telas.partes import ComPartes
from cliente.telas.pedido import Pedido
from cliente.telas.tela import Tela
from cliente.telas.telas import ComTelas, Telas
from cliente.telas.topo import NOME_DO_PROGRAMA, Topo
from interface.componentes import AvisoFlutuante, Faixa, Painel, focar_por_baixo
from interface.janela_base import JanelaBase
from interface.lugar import encaixar
from interface.ponte import Ponte
from interface.preferencias import Preferencias

if TYPE_CHECKING:
    from interface.componentes.dialogo import Confirmar
    from cliente.telas.conversa.lugar import Lugar

LARGURA, ALTURA = 1180, 760
_ACORDAR = object()


def _confirmar(*argumentos: Any, **opcoes: Any) -> None:
    from interface.componentes import confirmar

    confirmar(*argumentos, **opcoes)


class JanelaDoCliente(ComTelas, ComPartes, JanelaBase):
    """Dona da sessão e da ponte. ``destino`` é o servidor da tentativa de agora: (endereço, porta)."""

    def __init__(self, pedido: Pedido, preferencias: Preferencias, confirmar: Confirmar = _confirmar) -> None:
        super().__init__("cliente", preferencias, LARGURA, ALTURA)
        self._pedido, self._confirmar = pedido, confirmar
        if pedido.geometria:
            tela = (self.winfo_vrootx(), self.winfo_vrooty(), self.winfo_screenwidth(), self.winfo_screenheight())
            self.geometry(encaixar(pedido.geometria, (LARGURA, ALTURA), tela))
        self._ponte = Ponte(self, self._ao_receber)
        self.memoria = Memoria(preferencias)
        self.confianca = Confianca(preferencias.caminho.with_name(ARQUIVO_DOS_CERTIFICADOS))
        self.destino: tuple[str, int | str] = (pedido.host or self.memoria.host, pedido.porta or self.memoria.porta)
        self.a_vista = ""
        """O nome da tela à vista: conectar, certificado, nome, salas, nova_sala, senha_da_sala ou conversa."""
        self.tem_foco = True
        """Se é esta a janela em uso."""
        self._esta_trocando = False
        self._montar()
        self._ligar_teclas_do_cliente()
        self._comecar()

    def _montar(self) -> None:
        self.topo = Topo(self, self)
        self.corpo = Painel(self, plano="fundo")
        self.faixa = FaixaDaConexao(self, self.voltar_a_conectar, before=self.corpo)
        self.recado = Faixa(self, before=self.corpo)
        """O que é preciso saber e não pode sumir sozinho: por que se saiu de uma sala."""
        self.topo.pack(fill="x")
        self.corpo.pack(fill="both", expand=True)
        self._telas = Telas(self.corpo, self)

    def _ligar_teclas_do_cliente(self) -> None:
        teclas: dict[str, Callable[[], object]] = {
            "<Escape>": lambda: self.tela.ao_voltar(), "<Control-r>": self.faixa.acionar,
            "<Control-k>": self._ao_pedir_salas, "<Control-f>": lambda: self._na_conversa(self.conversa_tela.procurar),
            "<Control-W>": lambda: self._na_conversa(self.conversa_tela.sair_da_sala),
            "<Control-M>": lambda: self._na_conversa(self.conversa_tela.alternar_silencio),
            "<Control-s>": lambda: self._na_conversa(self.conversa_tela.exportar),
            "<F10>": lambda: self._na_conversa(self.conversa_tela.abrir_menu),
            "<Control-u>": lambda: self._na_conversa(self.conversa_tela.lateral.quem_sou.abrir_menu),
            "<Control-comma>": lambda: self._na_conversa(self.conversa_tela.lateral.aparencia.abrir_menu),
            "<Alt-Up>": lambda: self._na_conversa(partial(self.conversa_tela.trocar_de_sala, -1)),
            "<Alt-Down>": lambda: self._na_conversa(partial(self.conversa_tela.trocar_de_sala, 1)),
        }
        for tecla, acao in teclas.items():
            self.bind(tecla, lambda _e, acao=acao: (acao(), "break")[-1])
        for evento in ("<FocusIn>", "<FocusOut>"):
            self.bind(evento, lambda _e: self.after_idle(self._conferir_foco), add=True)

    def _comecar(self) -> None:
        self.conectar_tela.preencher(*self.destino)
        self.ir_para("conectar")
        if self._pedido.sabe_o_servidor:
            self.conectar(*self.destino)
        if self._pedido.le_ditado and sys.stdin is not None:
            from cliente.telas.ditado import Ditado

            self._ditado = Ditado(sys.stdin, self._ponte.por)
            self._ditado.iniciar()

    # ------------------------------------------------------------------ telas

    @property
    def tela(self) -> Tela:
        """A tela à vista."""
        return self._telas[self.a_vista]

    def ir_para(self, nome: str) -> Tela:
        """Troca de tela e leva o foco ao lugar certo dela."""
        nova = self._telas[nome]
        if nome != self.a_vista:
            self._esta_trocando = True
            havia_outra = bool(self.a_vista)
            if havia_outra:
                self.tela.ao_partir()
                self.tela.pack_forget()
            self.a_vista = nome
            self._mostrar_topo(nova)
            nova.pack(fill="both", expand=True)
            nova.ao_chegar()
            if havia_outra:
                # O Tk só dá o foco a quem já tem lugar na tela; até lá as teclas iriam à tela que saiu.
                # Na primeira não há outra, e a janela ainda por mostrar se pintaria duas vezes.
                self.update_idletasks()
            AvisoFlutuante.arrumar_todos(self)
            self._esta_trocando = False
        self.observar_sala()
        self.focar_a_tela()
        self.mostrar_titulo()
        return nova

    def _mostrar_topo(self, tela: Tela) -> None:
        if tela.passo is None:
            self.topo.pack_forget()
            return
        self.topo.mostrar_passo(tela.passo)
        if not self.topo.winfo_manager():
            self.topo.pack(fill="x", before=self.faixa if self.faixa.esta_visivel else self.corpo)

    def focar_a_tela(self) -> None:
        """Leva o foco ao primeiro campo que falta preencher."""
        focar_por_baixo(self, lambda: self.tela.focar())

    def mostrar_titulo(self) -> None:
        """``(3) #geral — Chat Multissala``: quantas por ler há nas conversas que se querem ouvir."""
        if not self.a_vista or self._esta_trocando:
            return
        nao_lidas = self.chamados.contar_nao_lidas() if self.tem_sessao else 0
        prefixo = f"({nao_lidas}) " if nao_lidas else ""
        titulo = f"{prefixo}{self.tema.para_tk(self.tela.dizer_titulo())} — {NOME_DO_PROGRAMA}"
        if titulo != self.title():
            self.title(titulo)

    def observar_sala(self) -> None:
        """A sala conta como lida só se está à vista, com a janela em uso."""
        if not self.tem_sessao:
            return
        lugar = self.conversa_tela.lugar if self.a_vista == "conversa" and self.tem_foco else None
        if lugar is not None and lugar.e_privada:
            self.sessao.observar_privada(lugar.nome)
        else:
            self.sessao.observar(lugar.nome if lugar is not None else None)

    def esta_lendo(self, lugar: Lugar) -> bool:
        """Se essa conversa está à vista, com a janela em uso."""
        aqui = self.conversa_tela.lugar
        return self.tem_foco and self.a_vista == "conversa" and aqui is not None and aqui.chave == lugar.chave

    # ------------------------------------------------------------------ o que as telas pedem

    def conectar(self, host: str, porta: int | str) -> None:
        """Procura o servidor; a resposta vem pela sessão."""
        self.destino = (host.strip(), porta)
        self.ir_para("conectar")
        self.tentar_de_novo()

    def tentar_de_novo(self) -> None:
        """Procura outra vez o servidor de ``destino``, sem trocar de tela."""
        host, porta = self.destino
        self.sessao.conectar(host, porta.strip() if isinstance(porta, str) else porta, self.conectar_tela.opcoes.modo)

    @property
    def tls_pedido(self) -> str | None:
        """O que se pediu ao abrir: ``auto``, ``nao`` ou ``exigir``; ``None``, como da última vez."""
        return self._pedido.tls

    def escolher_voltar(self, sim: bool) -> None:
        """Se a sessão tenta voltar sozinha quando a conexão cai; lembrado para a próxima vez."""
        self.sessao.reconectar_sozinha(sim)
        self.memoria.lembrar_de_voltar(sim)

    def desistir_de_conectar(self) -> None:
        """Para de procurar; o que se digitou fica."""
        self.sessao.voltar_para_conectar()

    def identificar(self, nome: str, senha: str | None = None) -> None:
        """Pede o nome, com a senha da conta se for dada, já ou assim que houver conexão."""
        self.roteiro.pedir_nome(nome, senha)

    def pedir_senha_da_sala(self, sala: str) -> None:
        """A sala é protegida: pergunta a senha e, desistindo, volta para onde se estava."""
        volta_para = self.a_vista if self.a_vista in ("salas", "conversa") else "salas"
        if self.a_vista != "senha_da_sala":
            self.senha_da_sala_tela.preparar(sala, volta_para)
        self.ir_para("senha_da_sala")

    def voltar_a_conectar(self) -> None:
        """Larga o servidor e volta à primeira tela."""
        self._largar_o_servidor()
        self.conectar_tela.preencher(*self.destino)
        self.ir_para("conectar")

    def voltar_das_salas(self) -> None:
        """À conversa, se há alguma; senão ao nome, com o mesmo servidor."""
        if self.sessao.conversas or self.sessao.privadas:
            self.ir_para("conversa")
            return
        self._largar_o_servidor()
        self.ir_para("nome")
        self.tentar_de_novo()

    def _largar_o_servidor(self) -> None:
        self.roteiro.esquecer()
        self._desistir_de_exportar()
        self.sessao.voltar_para_conectar()
        self.conversa_tela.esquecer_tudo()
        self.cadeados.esquecer()
        self.chamados.esquecer()
        self.recado.esconder()
        self.faixa.esconder()

    def avisar(self, titulo: str, texto: str = "", tipo: str = "info") -> None:
        """Um aviso por 4 s à direita, abaixo dos botões da tela à vista: some antes de atrapalhar um clique."""
        AvisoFlutuante.mostrar(self, titulo, texto, tipo, abaixo_de=lambda: self.tela.alto if self.a_vista else None)

    def ao_fechar(self) -> None:
        """Fecha; se há mensagens ainda não confirmadas, pergunta antes."""
        if self._tem_pendentes():
            self._confirmar(self, "Fechar sem enviar?", "Há mensagens que o servidor ainda não confirmou.",
                            self._ao_responder_se_fecha, sim="Fechar assim mesmo", nao="Voltar", e_perigo=True)
        else:
            self._ao_responder_se_fecha(True)

    def _tem_pendentes(self) -> bool:
        sessao = self.sessao
        return (any(sessao.pendentes(conversa.sala) for conversa in sessao.conversas)
                or any(sessao.pendentes_para(conversa.nome) for conversa in sessao.privadas))

    def _ao_responder_se_fecha(self, sim: bool) -> None:
        """Despede-se do servidor sem esperar por ele; quem abriu a janela espera depois do laço."""
        if sim:
            self.sessao.encerrar()
            self.fechar()

    def destroy(self) -> None:
        """Fecha a ponte, e desiste do que se exportava, antes de a janela sumir."""
        self._desistir_de_exportar()
        self._ponte.fechar()
        super().destroy()

    def _ao_receber(self, item: object) -> None:
        if isinstance(item, str):
            self._ao_ditar(item)
            return
        for mudanca in self.sessao.bombear():
            self.chamados.receber(mudanca)
            self.conta.receber(mudanca)
            if self.cadeados.receber(mudanca):
                self.conversa_tela.mostrar_cadeados()
            self.roteiro.receber(mudanca)
            self.exportacao.receber(mudanca)
            for tela in self._telas.todas():
                tela.receber(mudanca)

    # ------------------------------------------------------------------ sessão, teclado, foco e ditado

    def _acordar(self) -> None:
        """De qualquer thread: a sessão tem o que contar."""
        self._ponte.por(_ACORDAR)

    def _ao_pedir_salas(self) -> None:
        if self.sessao.nome is not None and self.a_vista in ("conversa", "nova_sala"):
            self.ir_para("salas")

    def _na_conversa(self, acao: Callable[[], object]) -> None:
        if self.a_vista == "conversa":
            acao()

    def _conferir_foco(self) -> None:
        tem_foco = str(self.tk.call("focus", "-displayof", ".")) != ""
        if tem_foco != self.tem_foco:
            self.tem_foco = tem_foco
            self.observar_sala()
            if tem_foco and self.tem_sessao:
                self.chamados.ao_olhar()

    def _ao_ditar(self, linha: str) -> None:
        self._ditado.soltar()
        if linha.strip() and self.a_vista == "conversa" and self.conversa_tela.sala is not None:
            self.conversa_tela.ditar(linha)
