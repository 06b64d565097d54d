"""A janela do cliente: guarda as telas, leva a elas o que a sessão conta e decide qual está à vista."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from cliente.sessao import Estado, Falha, Sessao, TipoDeFalha
from cliente.sessao import mudancas as m
from cliente.telas.conversa.tela import TelaConversa
from cliente.telas.ditado import Ditado
from cliente.telas.faixa_da_conexao import FaixaDaConexao
from cliente.telas.memoria import Memoria
from cliente.telas.pedido import TLS_EXIGIR, Pedido
from cliente.telas.tela import Tela
from cliente.telas.tela_conectar import TelaConectar
from cliente.telas.tela_nome import TelaNome
from cliente.telas.tela_nova_sala import TelaNovaSala
from cliente.telas.tela_salas import TelaSalas
from cliente.telas.topo import NOME_DO_PROGRAMA, Topo
from interface.atalhos import CLASSES
from interface.componentes import Painel
from interface.janela_base import JanelaBase
from interface.ponte import Ponte
from interface.preferencias import Preferencias

LARGURA, ALTURA = 1180, 760
_FRASE_DO_TLS = ("Você pediu que a conexão fosse sempre cifrada (--tls exigir), e esta versão do programa ainda não "
                 "sabe cifrar. Nada foi enviado. Para conectar assim mesmo, abra o programa sem essa opção.")
_ACORDAR = object()



class JanelaDoCliente(JanelaBase):
    """Dona da sessão e da ponte. ``destino`` é o servidor da tentativa de agora: (endereço, porta)."""

    def __init__(self, pedido: Pedido, preferencias: Preferencias) -> None:
        super().__init__(CLASSES["cliente"], preferencias, LARGURA, ALTURA)
        self._pedido = pedido
        self._ponte = Ponte(self, self._ao_receber)
        self.sessao = Sessao(lambda: self._ponte.por(_ACORDAR))
        self.memoria = Memoria(preferencias)
        self.destino: tuple[str, int | str] = (pedido.host or self.memoria.host, pedido.porta or self.memoria.porta)
        self._nome_a_pedir = pedido.nome
        self._sala_a_entrar = pedido.sala
        self._a_vista = ""
        self._tem_foco = True
        self._tratadores: dict[type, Callable[[Any], None]] = {
            m.EstadoMudou: self._ao_mudar_estado, m.ConexaoFalhou: self._ao_falhar, m.ConexaoCaiu: self._ao_cair,
            m.Identificado: self._ao_identificar, m.NomeRecusado: self._ao_recusar_nome,
            m.EntrouNaSala: self._ao_entrar, m.EntradaRecusada: self._ao_recusar_entrada,
            m.DeixouSala: self._ao_deixar, m.AvisoGeral: self._ao_avisar, m.PrivadaChegou: self._ao_chegar_privada,
            m.RoboFalou: self._ao_falar_o_robo, m.NaoLidasMudaram: lambda _: self.mostrar_titulo(),
        }
        self._montar()
        self._ligar_teclas_do_cliente()
        self._comecar()

    def _montar(self) -> None:
        self.topo = Topo(self, self)
        self.corpo = Painel(self, plano="fundo")
        self.faixa = FaixaDaConexao(self, self.sessao, before=self.corpo)
        self.topo.pack(fill="x")
        self.corpo.pack(fill="both", expand=True)
        self.conectar_tela = TelaConectar(self.corpo, self)
        self.nome_tela = TelaNome(self.corpo, self)
        self.conversa_tela = TelaConversa(self.corpo, self)
        self._telas: dict[str, Tela] = {
            "conectar": self.conectar_tela, "nome": self.nome_tela, "salas": TelaSalas(self.corpo, self),
            "nova_sala": TelaNovaSala(self.corpo, self), "conversa": self.conversa_tela,
        }

    def _ligar_teclas_do_cliente(self) -> None:
        teclas: dict[str, Callable[[], object]] = {
            "<Escape>": lambda: self.tela.ao_voltar(), "<Control-r>": self.faixa.acionar,
            "<Control-k>": self._ao_pedir_salas, "<Control-f>": self._ao_pedir_procura,
            "<Alt-Up>": lambda: self._ao_trocar_de_sala(-1), "<Alt-Down>": lambda: self._ao_trocar_de_sala(1),
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
            self._ditado = Ditado(sys.stdin, self._ponte.por)
            self._ditado.iniciar()

    # ------------------------------------------------------------------ telas

    @property
    def tela(self) -> Tela:
        """A tela à vista."""
        return self._telas[self._a_vista]

    def ir_para(self, nome: str) -> Tela:
        """Troca de tela e leva o foco ao lugar certo dela."""
        nova = self._telas[nome]
        if nome != self._a_vista:
            if self._a_vista:
                self.tela.ao_partir()
                self.tela.pack_forget()
            self._a_vista = nome
            self._mostrar_topo(nova)
            nova.pack(fill="both", expand=True)
            nova.ao_chegar()
        self.observar_sala()
        self.mostrar_titulo()
        self.focar_a_tela()
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
        self.tela.focar()

    def mostrar_titulo(self) -> None:
        """``(3) #geral — Chat Multissala``."""
        if not self._a_vista:
            return
        nao_lidas = self.sessao.total_de_nao_lidas
        prefixo = f"({nao_lidas}) " if nao_lidas else ""
        titulo = f"{prefixo}{self.tema.para_tk(self.tela.dizer_titulo())} — {NOME_DO_PROGRAMA}"
        if titulo != self.title():
            self.title(titulo)

    def observar_sala(self) -> None:
        """A sala conta como lida só se está à vista, com a janela em uso."""
        a_vista = self._a_vista == "conversa" and self._tem_foco
        self.sessao.observar(self.conversa_tela.sala if a_vista else None)

    # ------------------------------------------------------------------ o que as telas pedem

    def conectar(self, host: str, porta: int | str) -> None:
        """Procura o servidor; a resposta vem pela sessão."""
        self.destino = (host.strip(), porta)
        self.ir_para("conectar")
        if self._pedido.tls == TLS_EXIGIR:
            self.conectar_tela.mostrar_falha(Falha(TipoDeFalha.EXIGE_TLS, _FRASE_DO_TLS))
            return
        self.sessao.conectar(host.strip(), porta.strip() if isinstance(porta, str) else porta)

    def desistir_de_conectar(self) -> None:
        """Para de procurar; o que se digitou fica."""
        self.sessao.voltar_para_conectar()

    def identificar(self, nome: str) -> None:
        """Pede o nome já, ou assim que houver conexão."""
        self._nome_a_pedir = nome
        if self.sessao.estado is Estado.SAUDADA:
            self._pedir_o_nome()
        elif self.sessao.estado in (Estado.DESCONECTADA, Estado.CAIU):
            self.sessao.reconectar()

    def voltar_a_conectar(self) -> None:
        """Larga o servidor e volta à primeira tela."""
        self._largar_o_servidor()
        self.conectar_tela.preencher(*self.destino)
        self.ir_para("conectar")

    def voltar_das_salas(self) -> None:
        """À conversa, se há alguma; senão ao nome, com o mesmo servidor."""
        if self.sessao.conversas:
            self.ir_para("conversa")
            return
        self._largar_o_servidor()
        self.ir_para("nome")
        self.sessao.conectar(*self.destino)

    def _largar_o_servidor(self) -> None:
        self._nome_a_pedir = self._sala_a_entrar = None
        self.sessao.voltar_para_conectar()
        self.conversa_tela.esquecer_tudo()
        self.faixa.esconder()

    def ao_fechar(self) -> None:
        """Despede-se do servidor sem esperar por ele; quem abriu a janela espera depois do laço."""
        self.sessao.encerrar()
        self.fechar()

    def destroy(self) -> None:
        """Fecha a ponte antes de a janela sumir."""
        self._ponte.fechar()
        super().destroy()

    # ------------------------------------------------------------------ o que a sessão conta

    def _ao_receber(self, item: object) -> None:
        if isinstance(item, str):
            self._ao_ditar(item)
            return
        for mudanca in self.sessao.bombear():
            tratador = self._tratadores.get(type(mudanca))
            if tratador is not None:
                tratador(mudanca)
            for tela in self._telas.values():
                tela.receber(mudanca)

    def _ao_mudar_estado(self, mudanca: m.EstadoMudou) -> None:
        self.conectar_tela.mostrar_tentativa(mudanca.para is Estado.CONECTANDO and self._a_vista == "conectar")
        self.faixa.mostrar_estado(mudanca.para)
        if mudanca.para is Estado.SAUDADA and not self.sessao.retomando:
            self._ao_saudar()

    def _ao_saudar(self) -> None:
        servidor = self.sessao.servidor
        self.destino = (self.sessao.host, self.sessao.porta)
        self.memoria.lembrar_servidor(self.sessao.host, self.sessao.porta, servidor.nome if servidor else "")
        if self._a_vista == "conectar":
            self.ir_para("nome")
        if self._nome_a_pedir is not None:
            self._pedir_o_nome()

    def _pedir_o_nome(self) -> None:
        nome, self._nome_a_pedir = self._nome_a_pedir, None
        if nome is not None:
            self.nome_tela.preencher(nome)
            self.sessao.identificar(nome)

    def _ao_falhar(self, mudanca: m.ConexaoFalhou) -> None:
        if self._a_vista == "conectar":
            self.conectar_tela.mostrar_falha(mudanca.falha)
        else:
            self.faixa.mostrar_falha(mudanca.falha, True)

    def _ao_cair(self, mudanca: m.ConexaoCaiu) -> None:
        if self._a_vista == "conectar":
            self.conectar_tela.mostrar_falha(mudanca.falha)
        else:
            self.faixa.mostrar_falha(mudanca.falha, mudanca.pode_reconectar)

    def _ao_recusar_nome(self, _mudanca: m.NomeRecusado) -> None:
        self.faixa.esconder()
        self.ir_para("nome")

    def _ao_identificar(self, mudanca: m.Identificado) -> None:
        self.memoria.lembrar_nome(mudanca.nome)
        self.faixa.esconder()
        if mudanca.retomada:
            self.avisar("Conexão restabelecida", "Suas salas e o que faltava estão de volta.", "ok")
            if self._a_vista == "nome":
                self.ir_para("conversa" if self.sessao.conversas else "salas")
            return
        self.conversa_tela.escrivaninha.esquecer()
        sala, self._sala_a_entrar = self._sala_a_entrar, None
        self.ir_para("salas")
        if sala is not None:
            self.sessao.entrar(sala, criar=True)

    def _ao_entrar(self, mudanca: m.EntrouNaSala) -> None:
        if not mudanca.voltou:
            self.ir_para("conversa")
            self.conversa_tela.mostrar_sala(mudanca.sala)
            self.focar_a_tela()

    def _ao_recusar_entrada(self, mudanca: m.EntradaRecusada) -> None:
        if self._a_vista == "conversa":
            self.avisar(f"Não foi possível entrar em #{mudanca.sala}", mudanca.frase, "erro")

    def _ao_deixar(self, mudanca: m.DeixouSala) -> None:
        if mudanca.motivo == "saiu":
            self.avisar(mudanca.frase, tipo="info")
        else:
            self.avisar(f"Você não está mais em #{mudanca.sala}", mudanca.frase, "aviso")
        if self._a_vista == "conversa" and self.conversa_tela.sala == mudanca.sala:
            self.agendar(0, self._pousar)

    def _pousar(self) -> None:
        """Saiu-se da sala à vista: vai-se à última em que se entrou, ou à lista."""
        if self._a_vista != "conversa" or self.conversa_tela.sala is not None:
            return
        conversas = self.sessao.conversas
        if conversas:
            self.conversa_tela.mostrar_sala(conversas[-1].sala)
            self.focar_a_tela()
        else:
            self.ir_para("salas")

    def _ao_avisar(self, mudanca: m.AvisoGeral) -> None:
        self.avisar("Aviso de quem opera o servidor", mudanca.texto, "aviso")

    def _ao_chegar_privada(self, mudanca: m.PrivadaChegou) -> None:
        quem = f"Para {mudanca.para}" if mudanca.minha else f"{mudanca.de}, em particular"
        self.avisar(quem, mudanca.texto, "info")

    def _ao_falar_o_robo(self, mudanca: m.RoboFalou) -> None:
        if mudanca.sala is None:
            self.avisar("Robô", mudanca.texto, "info")

    # ------------------------------------------------------------------ teclado, foco e ditado

    def _ao_pedir_salas(self) -> None:
        if self.sessao.nome is not None and self._a_vista in ("conversa", "nova_sala"):
            self.ir_para("salas")

    def _ao_pedir_procura(self) -> None:
        if self._a_vista == "conversa":
            self.conversa_tela.procurar()

    def _ao_trocar_de_sala(self, passos: int) -> None:
        if self._a_vista == "conversa":
            self.conversa_tela.trocar_de_sala(passos)

    def _conferir_foco(self) -> None:
        tem_foco = str(self.tk.call("focus", "-displayof", ".")) != ""
        if tem_foco != self._tem_foco:
            self._tem_foco = tem_foco
            self.observar_sala()

    def _ao_ditar(self, linha: str) -> None:
        self._ditado.soltar()
        if linha.strip() and self._a_vista == "conversa" and self.conversa_tela.sala is not None:
            self.conversa_tela.ditar(linha)
