"""A janela do servidor: junta as partes, leva os acontecimentos a cada uma e fecha em ordem."""

from __future__ import annotations

import time
import tkinter as tk
from typing import TYPE_CHECKING, Any, Callable

from interface.componentes import Faixa, Painel, Separador, focar_por_baixo
from interface.janela_base import JanelaBase
from interface.ponte import Ponte
from interface.preferencias import Preferencias
from interface.registro import registro_de
from servidor.ajustes import guardar_ajustes
from servidor.configuracao import NOME_PADRAO, Configuracao
from servidor.janela.abas import ATE_ADIANTAR_MS, AbasDoServidor
from servidor.janela.cabecalho import Cabecalho
from servidor.janela.controle import Controle, Estado, Fabrica, Iniciou, NaoIniciou, Recado
from servidor.janela.dificuldades import Dificuldades
from servidor.janela.enderecos_na_tela import EnderecosNaTela
from servidor.janela.escolha import conferir_escolha, descrever_alcance, erros_da_escolha
from servidor.janela.exportacao import EscolherArquivo, escolher_arquivo_para_gravar
from servidor.janela.espaco import Espaco, medir_espaco
from servidor.janela.formulario import Formulario
from servidor.janela.lembranca import escolha_inicial, lembrar_escolha
from servidor.janela.medidas import Medidor
from servidor.janela.operador import Operador
from servidor.janela.partes import VAO, ComPartes, PedidoDeSaida
from servidor.janela.perguntas import Perguntas
from servidor.janela.rodape import Rodape
from servidor.janela.seguranca import descrever_tls
from servidor.janela.vigia_da_rede import Descobrir, VigiaDaRede, enderecos_da_maquina
from servidor.publicacao import ServidorParou
from servidor.registro.nomes import NOME_DO_ARQUIVO

if TYPE_CHECKING:
    from servidor.janela.caixa import HaLinhas
    from servidor.janela.janela_de_ajustes import JanelaDeAjustes
    from servidor.nucleo.eventos import Retrato

_log = registro_de(__name__)

TITULO = "Servidor — Chat Multissala"
ESPERA_PARA_FECHAR_MS = 5_000
_NOME_NO_ALTO = "Servidor Chat Multissala"
_LARGURA, _ALTURA = 1240, 800
_LARGURA_MIN, _ALTURA_MIN = 640, 480
_UM_SEGUNDO_MS = 1_000
_MARGEM, _MARGEM_MINIMA = (20, 16), (12, 8)
_SUBTITULOS = {
    Estado.PARADO: "Escolha quem pode entrar e inicie o servidor",
    Estado.INICIANDO: "Abrindo o histórico e a porta…",
    Estado.PARANDO: "Avisando quem está conectado e gravando tudo…",
}


class JanelaDoServidor(ComPartes, JanelaBase):
    """A janela principal. Tudo é da thread da janela, menos ``ponte.por``."""

    def __init__(self, configuracao: Configuracao, preferencias: Preferencias, fabrica: Fabrica,
                 escolher_arquivo: EscolherArquivo = escolher_arquivo_para_gravar,
                 descobrir: Descobrir = enderecos_da_maquina, deve_iniciar: bool = False, pediu_endereco: bool = False) -> None:
        super().__init__("servidor", preferencias, _LARGURA, _ALTURA, _LARGURA_MIN, _ALTURA_MIN)
        self.title(TITULO)
        self.codigo_de_saida = 0
        self._configuracao = configuracao
        self._medidor = Medidor()
        self._iniciou = Iniciou(configuracao.porta, 0)
        self._esta_fechando = False
        self._espaco = Espaco.AMPLO
        self._deve_reiniciar = False
        self.ajustes: JanelaDeAjustes | None = None
        self.ponte = Ponte(self, self._tratar, lambda erro: self.report_callback_exception(type(erro), erro, erro.__traceback__))
        self.controle = Controle(fabrica, self.ponte.por, self._ao_mudar_estado)
        self.operador = Operador(self, self.controle.operar, self.avisar)
        self.perguntas = Perguntas(self, self.operador.pedir)
        self._vigia = VigiaDaRede(self.ponte.por, descobrir)
        self._montar(escolher_arquivo, deve_iniciar or pediu_endereco)
        self._ao_mudar_estado(Estado.PARADO)
        self.bind("<Configure>", self._ao_mudar_de_tamanho, add=True)
        self.tema.ao_mudar(self._conferir_espaco)
        self._pulsar()
        self.depois_de_aparecer(self._vigia.iniciar)
        self.agendar(ATE_ADIANTAR_MS, self._adiantar)
        if deve_iniciar:
            self.iniciar()

    # -- o que se pode pedir -------------------------------------------------------------

    def iniciar(self) -> None:
        """Confere o formulário e começa o servidor; um erro aparece ao lado do campo."""
        if self.controle.estado is not Estado.PARADO or self._esta_fechando:
            return
        self.formulario.limpar_erros()
        self.faixa.esconder()
        erros = erros_da_escolha(self.formulario.escolha)
        for campo, frase in reversed(erros.items()):        # o foco fica no primeiro
            self._mostrar_erro(campo, frase)
        if erros:
            return
        host, porta = conferir_escolha(self.formulario.escolha)
        self._medidor = Medidor()       # agora, e não ao saber que está no ar: o primeiro retrato costuma vir antes
        self.controle.iniciar(self._configuracao._replace(host=host, porta=porta, recuperar=True))

    def parar(self) -> None:
        """Para o servidor em ordem; com gente conectada, pergunta antes."""
        usuarios = len(self.abas.usuarios.itens)
        if self.controle.estado is Estado.NO_AR and usuarios:
            self.perguntas.parar(usuarios, self.controle.parar)
        else:
            self.controle.parar()

    def reiniciar(self) -> None:
        """Para e inicia de novo; com gente conectada, pergunta antes."""
        def confirmar() -> None:
            self._deve_reiniciar = True
            self.controle.parar()

        usuarios = len(self.abas.usuarios.itens)
        if self.controle.estado is Estado.PARADO:
            self.iniciar()
        elif self.controle.estado is Estado.NO_AR:
            self.perguntas.reiniciar(usuarios, confirmar) if usuarios else confirmar()

    def abrir_ajustes(self) -> None:
        """Abre os ajustes; o que se guardar vale no próximo início."""
        from servidor.janela.janela_de_ajustes import JanelaDeAjustes

        self.ajustes = JanelaDeAjustes(self, self._configuracao, self.controle.estado is not Estado.PARADO, self._guardar_ajustes)

    def projetar(self) -> None:
        """Mostra o endereço na tela cheia."""
        self.enderecos.projetar(len(self.abas.usuarios.itens))

    def ao_fechar(self) -> None:
        """O X da janela: com o servidor no ar, pergunta; senão, fecha."""
        if self.controle.estado is Estado.PARADO:
            self.fechar()
        elif self.controle.estado is Estado.PARANDO:
            self.encerrar()
        elif not self._esta_fechando:
            self.perguntas.fechar(len(self.abas.usuarios.itens), self.encerrar)

    def encerrar(self) -> None:
        """Para o servidor em ordem e fecha quando ele terminar, em até 5 s; a janela continua viva."""
        if self.controle.estado is Estado.PARADO:
            self.fechar()
        elif not self._esta_fechando:
            self._esta_fechando = True
            self.controle.parar()
            self.agendar(ESPERA_PARA_FECHAR_MS, self._desistir_de_esperar)

    def fechar(self) -> None:
        """Solta tudo e destrói a janela."""
        self._vigia.parar()
        self.ponte.fechar()
        super().fechar()

    # -- montagem --------------------------------------------------------------------------

    def _montar(self, escolher_arquivo: EscolherArquivo, pediu_endereco: bool) -> None:
        tema = self.tema
        self.cabecalho = Cabecalho(self, _NOME_NO_ALTO, self._ao_acionar, self.abrir_ajustes, self.operador.itens_do_menu)
        self.cabecalho.pack(fill="x")
        Separador(self).pack(fill="x")
        self.rodape = Rodape(self, self._configuracao.dados / NOME_DO_ARQUIVO)
        self.rodape.pack(side="bottom", fill="x")
        Separador(self).pack(side="bottom", fill="x")
        self._corpo = corpo = Painel(self, plano="fundo", margem=_MARGEM)
        corpo.pack(fill="both", expand=True)
        self._alto = Painel(corpo)
        self._alto.pack(fill="x")
        escolha = escolha_inicial(self.preferencias, self._configuracao, pediu_endereco)
        self.formulario = Formulario(self._alto, escolha, self.iniciar)
        self.faixa = Faixa(corpo, pady=(0, VAO), before=self._alto)
        self.faixa_do_que_falta = Faixa(corpo, pady=(0, VAO), before=self._alto)
        self.dificuldades = Dificuldades(self.faixa_do_que_falta)
        self._no_ar = Painel(self._alto)
        self.enderecos = EnderecosNaTela(self, self.formulario, lambda: self.cartao_enderecos)
        self.abas = AbasDoServidor(corpo, escolher_arquivo, self.avisar, self.perguntas, self.controle)
        tema.empacotar(self.abas, fill="both", expand=True, pady=(VAO, 0))
        modificador = "Command" if self.tk.call("tk", "windowingsystem") == "aqua" else "Control"
        self._ligar_tecla("<F5>", lambda: self.abas.auditoria.procurar())
        self._ligar_tecla(f"<{modificador}-f>", self.abas.focar_filtro)
        self._ligar_tecla(f"<{modificador}-l>", self.abas.limpar_a_vista)

    def _ligar_tecla(self, tecla: str, acao: Callable[[], object]) -> None:
        self.bind(tecla, lambda _e: (acao(), "break")[-1])

    def _ao_mudar_de_tamanho(self, evento: tk.Event[Any]) -> None:
        if evento.widget is self:
            self._conferir_espaco()

    def _conferir_espaco(self) -> None:
        espaco = medir_espaco(self.winfo_width(), self.winfo_height(), self.tema.px)
        if espaco is not self._espaco:
            self._espaco = espaco
            self.tema.vestir(self._corpo, padding=_MARGEM_MINIMA if espaco <= Espaco.BAIXO else _MARGEM)
            for parte in (self.cabecalho, *self._partes_prontas(), self.rodape):
                parte.ajustar(espaco)

    def _adiantar(self) -> None:
        """O que a primeira tela não mostra, antes de alguém precisar dele."""
        self._adiantar_partes()
        self.abas.adiantar(self.agendar)

    # -- o que acontece ----------------------------------------------------------------------

    def _tratar(self, item: object) -> None:
        conteudo: object = self.controle.receber(item) if isinstance(item, Recado) else item
        if conteudo is not None:
            self._tratadores[type(conteudo)](conteudo)

    def _ao_mudar_estado(self, estado: Estado) -> None:
        esta_servindo = estado in (Estado.NO_AR, Estado.PARANDO)
        if esta_servindo:
            self._adiantar_partes()
        mostrar, esconder = (self._no_ar, self.formulario) if esta_servindo else (self.formulario, self._no_ar)
        esconder.pack_forget()
        mostrar.pack(fill="x")
        self.formulario.habilitar(estado is Estado.PARADO)
        self.cabecalho.mostrar(estado, self._subtitulo(estado))
        if estado is Estado.PARADO and not self._esta_fechando:
            focar_por_baixo(self, self.formulario.focar)

    def _subtitulo(self, estado: Estado) -> str:
        if estado is not Estado.NO_AR or self.controle.configuracao is None:
            return _SUBTITULOS[estado]
        configuracao = self.controle.configuracao
        nome = [configuracao.nome_servidor] if configuracao.nome_servidor != NOME_PADRAO else []
        return "  ·  ".join([*nome, f"porta {self._iniciou.porta}", descrever_alcance(configuracao.host), descrever_tls(configuracao)])

    def _guardar_ajustes(self, nova: Configuracao) -> None:
        guardar_ajustes(nova.dados, nova)
        mudou, self._configuracao = nova != self._configuracao, nova
        if mudou and self.controle.estado is Estado.NO_AR:
            self.faixa.mostrar("Ajustes guardados. Valem na próxima vez que o servidor iniciar.", acao="Reiniciar agora", comando=self.reiniciar)

    def _ao_acionar(self) -> None:
        (self.iniciar if self.controle.estado is Estado.PARADO else self.parar)()

    def _ao_haver_linhas(self, _aviso: HaLinhas) -> None:
        self.abas.logs.receber(self.controle.caixa.tirar())

    def _ao_chegar_retrato(self, retrato: Retrato) -> None:
        self._medidor.anotar(retrato.contadores, retrato.hora_ms)
        self.abas.aplicar(retrato)
        self.operador.usuarios, self.operador.esta_trancado = retrato.contadores.usuarios, retrato.contadores.trancado
        self.cabecalho.mostrar_tranca(retrato.contadores.trancado)
        self.enderecos.contar_usuarios(retrato.contadores.usuarios)

    def _ao_iniciar(self, iniciou: Iniciou) -> None:
        self._iniciou = iniciou
        self.abas.mudar_servidor(True)
        lembrar_escolha(self.preferencias, self.formulario.escolha)
        self.cabecalho.mostrar(self.controle.estado, self._subtitulo(self.controle.estado))
        if self.controle.configuracao is not None:
            self.enderecos.comecar(self.controle.configuracao, iniciou)
        self._mostrar_medidas()
        focar_por_baixo(self, self.abas.caderno.focus_set)      # nunca no botão de parar: um Enter a mais pararia tudo

    def _ao_nao_iniciar(self, erro: NaoIniciou) -> None:
        if self._esta_fechando:
            self.fechar()
            return
        self._mostrar_erro(erro.campo, erro.mensagem)

    def _ao_parar(self, parou: ServidorParou) -> None:
        self.abas.mudar_servidor(False)
        self._fechar_por_cima()
        deve_reiniciar, self._deve_reiniciar = self._deve_reiniciar, False
        if self._esta_fechando:
            self.fechar()
        elif deve_reiniciar and parou.causa is None:
            self.iniciar()
        elif parou.causa is not None:
            self.faixa.mostrar(f"O servidor parou. {parou.causa}", tipo="erro", acao="Iniciar de novo", comando=self.iniciar)

    # -- o que se mostra -----------------------------------------------------------------------

    def _mostrar_erro(self, campo: str, mensagem: str) -> None:
        if not self.formulario.mostrar_erro(campo, mensagem):
            self.faixa.mostrar(mensagem, tipo="erro", acao="Tentar de novo", comando=self.iniciar)

    def _pulsar(self) -> None:
        """Uma vez por segundo: relógios, ritmos e a conta de threads."""
        self.agendar(_UM_SEGUNDO_MS, self._pulsar)
        if self.controle.estado is Estado.NO_AR:
            self.cabecalho.contar_tempo(time.time() - self._iniciou.inicio_ms / 1000)
            self._mostrar_medidas()
            self.abas.usuarios.renovar_tempo()
        self.rodape.contar_threads()

    def _mostrar_medidas(self) -> None:
        self.indicadores.mostrar(self._medidor.medir(time.monotonic()), self._medidor.series)

    def _fechar_por_cima(self) -> None:
        """Com o servidor parado, nem o telão nem uma pergunta sobre ele fazem sentido."""
        self.enderecos.terminar()
        self.perguntas.dispensar()
        self.operador.esquecer()
        self.dificuldades.esquecer()

    def _desistir_de_esperar(self) -> None:
        _log.warning("o servidor não parou em %d ms; a janela fecha assim mesmo", ESPERA_PARA_FECHAR_MS)
        self.codigo_de_saida = 1
        self.controle.abandonar()
        self.fechar()

