"""O que acontece na sessão decide a tela: este é o caminho de Conectar à conversa, e as suas voltas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cliente.sessao import Estado, ModoDeCifra, TipoDeFalha
from cliente.sessao import mudancas as m
from cliente.telas.chamados import Escolha
from cliente.telas.conversa.comandos import ler_sala_do_join
from cliente.telas.porteiro_da_cifra import PorteiroDaCifra
from protocolo.erros import Codigo

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente


class Roteiro:
    """Recebe cada mudança antes das telas. ``nome`` e ``sala`` já respondidos pulam a tela que os perguntaria."""

    def __init__(self, janela: JanelaDoCliente, nome: str | None, sala: str | None) -> None:
        self._janela, self._sessao = janela, janela.sessao
        self._nome_a_pedir, self._sala_a_entrar = nome, sala
        self._senha_a_dar: str | None = None
        self._cifra = PorteiroDaCifra(janela)
        self._tratadores: dict[type, Callable[[Any], None]] = {
            m.EstadoMudou: self._ao_mudar_estado, m.ConexaoFalhou: self._ao_falhar, m.ConexaoCaiu: self._ao_cair,
            m.CertificadoDesconhecido: self._cifra.ao_desconhecer,
            m.NovaTentativaMarcada: lambda _: janela.faixa.contar_tentativa(),
            m.TentativasPararam: lambda _: janela.faixa.parar_de_tentar(),
            m.Identificado: self._ao_identificar, m.NomeRecusado: self._ao_recusar_nome,
            m.EntrouNaSala: self._ao_entrar, m.EntradaRecusada: self._ao_recusar_entrada,
            m.ItemConfirmado: self._ao_cumprir, m.Encerrou: self._ao_encerrar,
            m.DeixouSala: self._ao_deixar, m.AvisoGeral: self._ao_avisar, m.PrivadaChegou: self._ao_chegar_privada,
            m.PrivadaFechada: lambda _: janela.agendar(0, self._pousar),
            m.RoboFalou: self._ao_falar_o_robo,
        }

    def receber(self, mudanca: m.Mudanca) -> None:
        """Uma mudança da sessão; a que não decide nada é só das telas."""
        tratador = self._tratadores.get(type(mudanca))
        if tratador is not None:
            tratador(mudanca)

    def pedir_nome(self, nome: str, senha: str | None = None) -> None:
        """Pede o nome já, ou assim que houver conexão; a senha só se guarda até lá."""
        self._nome_a_pedir, self._senha_a_dar = nome, senha
        if self._sessao.estado is Estado.SAUDADA:
            self._pedir_o_nome()
        elif self._sessao.estado in (Estado.DESCONECTADA, Estado.CAIU):
            self._sessao.reconectar()

    def esquecer(self) -> None:
        """O usuário voltou atrás: o que veio respondido ao abrir já não vale."""
        self._nome_a_pedir = self._sala_a_entrar = self._senha_a_dar = None

    # ------------------------------------------------------------------ a conexão

    def _ao_mudar_estado(self, mudanca: m.EstadoMudou) -> None:
        janela = self._janela
        esta_conectando = mudanca.para is Estado.CONECTANDO and janela.a_vista == "conectar"
        janela.conectar_tela.mostrar_tentativa(esta_conectando)
        janela.faixa.mostrar_estado(mudanca.para)
        if mudanca.para is Estado.SAUDADA and not self._sessao.retomando:
            self._ao_saudar()

    def _ao_saudar(self) -> None:
        janela, sessao = self._janela, self._sessao
        janela.destino = (sessao.host, sessao.porta)
        janela.memoria.lembrar_servidor(sessao.host, sessao.porta, sessao.servidor.nome if sessao.servidor else "")
        if janela.tls_pedido is None:
            janela.memoria.lembrar_cifra(janela.conectar_tela.opcoes.modo is not ModoDeCifra.NAO)
        if janela.a_vista == "conectar":
            janela.ir_para("nome")
        if self._nome_a_pedir is not None:
            self._pedir_o_nome()

    def _pedir_o_nome(self) -> None:
        nome, self._nome_a_pedir = self._nome_a_pedir, None
        senha, self._senha_a_dar = self._senha_a_dar, None
        if nome is not None:
            self._janela.nome_tela.preencher(nome)
            self._sessao.identificar(nome, senha)

    def _ao_falhar(self, mudanca: m.ConexaoFalhou) -> None:
        if mudanca.falha.tipo is TipoDeFalha.CERTIFICADO_MUDOU:
            self._janela.conectar_tela.mostrar_tentativa(False)
            self._cifra.ao_mudar(mudanca.falha)
        elif self._janela.a_vista == "conectar":
            self._janela.conectar_tela.mostrar_falha(mudanca.falha)
        else:
            self._janela.faixa.mostrar_falha(mudanca.falha, True)

    def _ao_cair(self, mudanca: m.ConexaoCaiu) -> None:
        if self._janela.a_vista == "conectar":
            self._janela.conectar_tela.mostrar_falha(mudanca.falha)
        else:
            self._janela.faixa.mostrar_falha(mudanca.falha, mudanca.pode_reconectar)

    # ------------------------------------------------------------------ o nome

    def _ao_recusar_nome(self, _mudanca: m.NomeRecusado) -> None:
        if self._sessao.estado is not Estado.SAUDADA:
            return  # já se tinha nome: quem quis trocar responde no seu formulário
        self._janela.faixa.esconder()
        self._janela.ir_para("nome")

    def _ao_identificar(self, mudanca: m.Identificado) -> None:
        janela = self._janela
        janela.memoria.lembrar_nome(mudanca.nome)
        janela.faixa.esconder()
        if mudanca.retomada:
            janela.avisar("Conexão restabelecida", "Suas salas e o que faltava estão de volta.", "ok")
            if janela.a_vista == "nome":
                janela.ir_para("conversa" if self._sessao.conversas else "salas")
            return
        janela.conversa_tela.escrivaninha.esquecer()
        sala, self._sala_a_entrar = self._sala_a_entrar, None
        janela.ir_para("salas")
        if sala is not None:
            self._sessao.entrar(sala, criar=True)

    # ------------------------------------------------------------------ as salas

    def _ao_entrar(self, mudanca: m.EntrouNaSala) -> None:
        if mudanca.recomecou or self._janela.a_vista == "conversa" and not mudanca.voltou:
            self._sessao.reler_salas()  # entrou-se por um comando, ou a sala é outra: só a lista diz se pede senha
        if not mudanca.voltou:
            self._janela.ir_para("conversa")
            self._janela.conversa_tela.mostrar_sala(mudanca.sala)
            self._janela.focar_a_tela()

    def _ao_recusar_entrada(self, mudanca: m.EntradaRecusada) -> None:
        if mudanca.codigo == Codigo.SENHA_EXIGIDA and not mudanca.criando:
            self._janela.pedir_senha_da_sala(mudanca.sala)
        elif self._janela.a_vista == "conversa":
            self._janela.avisar(f"Não foi possível entrar em #{mudanca.sala}", mudanca.frase, "erro")

    def _ao_cumprir(self, mudanca: m.ItemConfirmado) -> None:
        """Um ``/join`` sem a senha de uma sala protegida: pergunta-se, como em qualquer outra entrada."""
        item = mudanca.item
        sala = ler_sala_do_join(item.texto) if item.comando and item.codigo == Codigo.SENHA_EXIGIDA else None
        if sala is not None:
            self._janela.pedir_senha_da_sala(sala)

    def _ao_encerrar(self, _mudanca: m.Encerrou) -> None:
        self._janela.voltar_a_conectar()
        self._janela.avisar("Você deixou o servidor", tipo="info")

    def _ao_deixar(self, mudanca: m.DeixouSala) -> None:
        if mudanca.motivo == "saiu":
            self._janela.avisar(mudanca.frase, tipo="info")
        else:
            self._janela.recado.mostrar(mudanca.frase, "aviso")  # fica até se dispensar: é preciso poder ler
        if self._janela.conversa_tela.sala == mudanca.sala:
            # Depois de a tela da conversa arrumar o que era dessa sala.
            self._janela.agendar(0, self._pousar)

    def _pousar(self) -> None:
        """Saiu-se da sala à vista: vai-se à última em que se entrou, ou à lista."""
        janela = self._janela
        if janela.a_vista != "conversa" or janela.conversa_tela.lugar is not None:
            return
        conversas = self._sessao.conversas
        if conversas:
            janela.conversa_tela.mostrar_sala(conversas[-1].sala)
            janela.focar_a_tela()
        else:
            janela.ir_para("salas")

    # ------------------------------------------------------------------ recados

    def _ao_avisar(self, mudanca: m.AvisoGeral) -> None:
        if self._janela.a_vista != "conversa":  # na conversa o aviso já é uma linha
            self._janela.avisar("Aviso de quem opera o servidor", mudanca.texto, "aviso")

    def _ao_chegar_privada(self, mudanca: m.PrivadaChegou) -> None:
        janela = self._janela
        esta_aqui = janela.a_vista == "conversa" and janela.conversa_tela.esta_com(mudanca.com)
        if esta_aqui or janela.chamados.escolha is Escolha.NADA:
            return  # a barra mostra a conversa e quantas há por ler
        quem = f"Para {mudanca.para}" if mudanca.minha else f"{mudanca.de}, em particular"
        janela.avisar(quem, mudanca.texto, "info")

    def _ao_falar_o_robo(self, mudanca: m.RoboFalou) -> None:
        if mudanca.sala is None and mudanca.com is None:
            self._janela.avisar("Robô", mudanca.texto, "info")
