"""O cliente de texto: o mesmo chat, com linhas no lugar de telas, sobre a mesma sessão.

Uma thread lê a entrada e outra cuida da rede; a principal é dona da sessão e de tudo o que se imprime.
"""

from __future__ import annotations

import math
import os
import queue
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cliente.linhas import LeitorDeLinhas
from cliente.sessao import Confianca, Estado, EstadoDoItem, Mensagem, Sessao
from cliente.sessao import mudancas as m
from cliente.texto.comandos import Comandos, Espera
from cliente.texto.conselhos import explicar_certificado, listar_achados
from cliente.texto.eco import eco_da_entrada
from cliente.texto.narrador import Narrador, limpar
from protocolo.limites import HOST_PADRAO, PORTA_PADRAO, SALA_GERAL

ESPERA_S = 0.5
"""Cada espera é curta para que o Ctrl-C valha também onde o sistema não interrompe esperas."""
PENDENTES_MAX = 50
CODIGO_BOM, CODIGO_FALHA, CODIGO_INTERROMPIDO = 0, 1, 130

_DA_SENHA = frozenset({"senha_exigida", "senha_incorreta"})

_ACORDAR = object()
_FIM_DA_ENTRADA = object()


def principal(*, host: str | None = None, porta: int | None = None, nome: str | None = None,
              sala: str | None = None, tls: str = "auto", certificados: Path | None = None) -> int:
    """Conversa até ``/quit``, o fim da entrada ou a queda do servidor; devolve o código de saída do programa.

    ``certificados`` é o arquivo dos certificados aceitos (sem ele, só na memória). Sem ``host``, e sem ninguém neste
    computador, diz que servidores achou na rede.

    0: terminou por bem. 1: não conectou, não houve nome, algo que se escreveu não foi enviado, ou o servidor se foi e
    a entrada acabou. 130: Ctrl-C.
    """
    terminal = Terminal(host, PORTA_PADRAO if porta is None else porta, nome, sala or SALA_GERAL, tls,
                        Confianca(certificados))
    try:
        return terminal.rodar()
    except KeyboardInterrupt:
        return CODIGO_INTERROMPIDO
    except BrokenPipeError:
        # Quem lia a nossa saída foi embora; sem isto o Python reclamaria de novo ao esvaziá-la no fim.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CODIGO_FALHA
    finally:
        terminal.encerrar()


class Terminal:
    """Pertence à thread principal."""

    def __init__(self, host: str | None, porta: int, nome: str | None, sala: str, tls: str,
                 confianca: Confianca) -> None:
        self._host, self._porta, self._nome, self._sala_inicial = host or HOST_PADRAO, porta, nome, sala
        self._deve_procurar, self._tls = host is None, tls
        self._nome_com_senha: str | None = None
        self._eco = eco_da_entrada()
        self._fila: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._leitor = LeitorDeLinhas(sys.stdin, self._ao_ler)
        self._sessao = Sessao(lambda: self._fila.put(_ACORDAR), confianca=confianca)
        self._narrador = Narrador(lambda: len(self._sessao.conversas))
        self._comandos = Comandos(self._sessao, self._narrador, self._despedir)
        self._linhas: deque[str] = deque()
        self._entrada_acabou = False
        self._espera_nome = False
        self._ja_entrou = False
        self._sugestao: str | None = None
        self._algo_nao_foi = False
        self._codigo: int | None = None
        self._tratadores: dict[type, Callable[[Any], None]] = {
            **self._narrador.tratadores,
            m.EstadoMudou: self._ao_mudar_estado,
            m.ConexaoFalhou: self._ao_falhar_conexao,
            m.ConexaoCaiu: self._ao_cair,
            m.NovaTentativaMarcada: self._ao_marcar_tentativa,
            m.NomeRecusado: self._ao_recusar_nome,
            m.Identificado: self._ao_identificar,
            m.NomeMudou: self._ao_mudar_nome,
            m.TentativasPararam: lambda _: self._narrador.avisar("Enter tenta de novo; /quit sai."),
            m.CertificadoAceito: self._ao_aceitar_certificado,
            m.Encerrou: lambda _: self._despedir(),
            m.EntrouNaSala: self._ao_entrar,
            m.EntradaRecusada: self._ao_recusar_entrada,
            m.DeixouSala: self._comandos.ao_deixar,
            m.ContaRegistrada: lambda _: self._comandos.deixar_de_esperar(Espera.ROBO),
            m.ItemSumiu: self._comandos.ao_sumir,
            m.ItemDevolvido: self._ao_devolver,
        }

    # ------------------------------------------------------------------ laço

    def rodar(self) -> int:
        """Do primeiro ``conectar`` ao código de saída."""
        self._leitor.iniciar()
        self._sessao.conectar(self._host, self._porta, self._tls)
        while self._codigo is None:
            self._receber()
            self._contar_mudancas()
            while self._codigo is None and self._linhas and self._pode_atender(self._linhas[0]):
                self._leitor.soltar()
                self._tratar_linha(self._linhas.popleft())
            self._conferir_fim()
        return self._codigo

    def encerrar(self) -> None:
        """Despede-se do servidor e espera a rede acabar."""
        self._eco.mostrar()
        self._sessao.encerrar()
        self._sessao.esperar_o_fim()

    def _ao_ler(self, linha: str | None) -> None:
        """Na thread da entrada."""
        self._fila.put(_FIM_DA_ENTRADA if linha is None else linha)

    def _receber(self) -> None:
        try:
            item = self._fila.get(timeout=ESPERA_S)
        except queue.Empty:
            return
        if item is _FIM_DA_ENTRADA:
            self._entrada_acabou = True
        elif item is not _ACORDAR:
            self._linhas.append(item)

    def _contar_mudancas(self) -> None:
        for mudanca in self._sessao.bombear():
            tratador = self._tratadores.get(type(mudanca))
            if tratador is not None:
                tratador(mudanca)

    def _pode_atender(self, linha: str) -> bool:
        """Uma linha só depois da outra: um comando não passa na frente do que se disse antes dele."""
        if self._espera_nome or self._sessao.estado is Estado.CAIU:
            return True
        if self._sessao.estado is not Estado.IDENTIFICADA or self._comandos.espera is not None:
            return False
        return self._quantos_pendentes() < (1 if Comandos.e_comando(linha) else PENDENTES_MAX)

    def _quantos_pendentes(self) -> int:
        return sum(len(self._sessao.pendentes(conversa.sala)) for conversa in self._sessao.conversas)

    def _conferir_fim(self) -> None:
        if self._codigo is not None or not self._entrada_acabou or self._linhas:
            return
        if self._espera_nome:
            self._acabar(CODIGO_FALHA, "Nenhum nome foi informado.")
        elif self._sessao.estado is Estado.CAIU:
            self._acabar(CODIGO_FALHA, "A conexão caiu e a entrada acabou.")
        elif self._esta_tudo_dito():
            self._acabar(CODIGO_FALHA if self._algo_nao_foi else CODIGO_BOM)

    def _esta_tudo_dito(self) -> bool:
        em_paz = self._sessao.estado is Estado.IDENTIFICADA and self._comandos.espera is None
        return em_paz and not self._quantos_pendentes()

    def _acabar(self, codigo: int, frase: str = "") -> None:
        if frase:
            print(limpar(frase), file=sys.stderr)
        self._codigo = codigo

    def _despedir(self) -> None:
        self._narrador.avisar("Até logo!")
        self._acabar(CODIGO_BOM)

    # ------------------------------------------------------------------ o que se digita

    def _tratar_linha(self, linha: str) -> None:
        if self._espera_nome:
            self._tratar_nome(linha)
        elif Comandos.e_comando(linha):
            self._comandos.interpretar(linha)
        else:
            if linha.strip():
                self._enviar(linha)
            self._comandos.reconectar_se_caiu()

    def _tratar_nome(self, linha: str) -> None:
        if linha.strip() in ("/quit", "/exit"):
            self._despedir()
            return
        if self._nome_com_senha is not None:
            self._eco.mostrar()
            self._espera_nome, nome, self._nome_com_senha = False, self._nome_com_senha, None
            self._sessao.identificar(nome, linha)
            return
        nome = linha.strip() or self._sugestao
        if nome:
            self._espera_nome = False
            self._sessao.identificar(nome)

    def _enviar(self, texto: str) -> None:
        conversa = self._comandos.conversa_atual()
        if conversa is None:
            self._contar_nao_enviada(texto, "Entre numa sala primeiro.")
            return
        item = self._sessao.enviar(conversa.sala, texto)
        if item.estado is EstadoDoItem.RECUSADO:
            self._contar_nao_enviada(texto, item.frase)

    def _contar_nao_enviada(self, texto: str, frase: str) -> None:
        self._algo_nao_foi = True
        self._narrador.contar_nao_enviada(texto, frase)

    # ------------------------------------------------------------------ o que acontece

    def _ao_mudar_estado(self, mudanca: m.EstadoMudou) -> None:
        if mudanca.para is not Estado.SAUDADA or mudanca.de is not Estado.CONECTANDO or self._sessao.retomando:
            return
        if self._nome is not None:
            self._sessao.identificar(self._nome)
        else:
            self._espera_nome = True
            self._narrador.avisar("Qual é o seu nome?")

    def _ao_falhar_conexao(self, mudanca: m.ConexaoFalhou) -> None:
        falha = mudanca.falha
        if self._sessao.estado is Estado.CAIU:
            self._oferecer_volta(falha.frase)
            for linha in explicar_certificado(falha):
                self._narrador.avisar(linha)
        else:
            achados = listar_achados(falha, self._porta) if self._deve_procurar else []
            self._acabar(CODIGO_FALHA, "\n".join([falha.frase, *explicar_certificado(falha), *achados]))

    def _ao_aceitar_certificado(self, mudanca: m.CertificadoAceito) -> None:
        self._narrador.avisar(f"Conexão cifrada. Impressão digital do servidor: {mudanca.certificado.impressao}")

    def _ao_devolver(self, mudanca: m.ItemDevolvido) -> None:
        if mudanca.item.comando:
            self._comandos.deixar_de_esperar(Espera.ROBO)
        self._contar_nao_enviada(mudanca.item.texto, mudanca.item.frase)

    def _ao_marcar_tentativa(self, mudanca: m.NovaTentativaMarcada) -> None:
        self._narrador.avisar(f"Conexão perdida. Nova tentativa em {math.ceil(mudanca.espera_s)} s…")

    def _ao_cair(self, mudanca: m.ConexaoCaiu) -> None:
        self._espera_nome, self._nome_com_senha = False, None
        self._eco.mostrar()
        self._comandos.deixar_de_esperar()
        if self._sessao.estado is Estado.CAIU and mudanca.pode_reconectar:
            self._oferecer_volta(mudanca.falha.frase)
        else:
            self._acabar(CODIGO_FALHA, mudanca.falha.frase)

    def _oferecer_volta(self, frase: str) -> None:
        self._narrador.avisar(f"{frase} Pressione Enter para reconectar, ou /quit para sair.")

    def _ao_recusar_nome(self, mudanca: m.NomeRecusado) -> None:
        self._narrador.avisar(mudanca.frase)
        if self._sessao.estado is not Estado.SAUDADA:
            return
        self._espera_nome, self._sugestao = True, mudanca.sugestao
        if mudanca.codigo in _DA_SENHA:
            self._nome_com_senha = mudanca.nome
            como = "não aparece" if self._eco.esconder() else "aparece"
            self._narrador.avisar(f"Digite a senha de {mudanca.nome} (ela {como} na tela):")
            return
        self._narrador.avisar(f"Que tal {mudanca.sugestao}? Enter aceita, ou digite outro nome." if mudanca.sugestao
                              else "Digite outro nome.")

    def _ao_identificar(self, mudanca: m.Identificado) -> None:
        if mudanca.retomada:
            self._narrador.avisar(f"De volta, {mudanca.nome}.")
        else:
            onde = self._sessao.servidor.nome if self._sessao.servidor is not None else self._host
            self._narrador.avisar(f"Bem-vindo a {onde}, {mudanca.nome}! /help mostra os comandos.")
        if self._sessao.conversas or self._ja_entrou:
            return
        self._comandos.espera = Espera.ENTRAR
        self._sessao.entrar(self._sala_inicial, criar=True)

    def _ao_mudar_nome(self, mudanca: m.NomeMudou) -> None:
        self._narrador.avisar(f"Agora você se chama {mudanca.nome}.")

    def _ao_entrar(self, mudanca: m.EntrouNaSala) -> None:
        if mudanca.voltou and not mudanca.recomecou:
            return
        self._comandos.deixar_de_esperar(Espera.ENTRAR)
        self._ja_entrou = True
        self._comandos.sala = mudanca.sala
        self._narrador.avisar(f"Você entrou em #{mudanca.sala}.")
        conversa = self._sessao.conversa(mudanca.sala)
        if conversa is not None and not mudanca.ja_estava:
            self._narrador.mostrar(conversa.sala, [linha for linha in conversa.linhas if isinstance(linha, Mensagem)])

    def _ao_recusar_entrada(self, mudanca: m.EntradaRecusada) -> None:
        self._comandos.deixar_de_esperar(Espera.ENTRAR)
        self._narrador.avisar(f"Não deu para entrar em #{mudanca.sala.removeprefix('#')}: {mudanca.frase}")
