"""A sessão: o que uma tela (ou o terminal) usa para conversar com um servidor.

Uso, sempre da mesma thread (a da janela, ou a do terminal)::

    sessao = Sessao(acordar)          # ``acordar`` é chamada de outra thread: só deve pôr um aviso na fila da dona
    sessao.conectar("127.0.0.1", 12345)
    ...                               # a cada vez que ``acordar`` for chamada:
    for mudanca in sessao.bombear():
        mostrar(mudanca)
"""

from __future__ import annotations

import time
from collections.abc import Callable

from cliente.sessao.conversa import Conversa
from cliente.sessao.mudancas import Mudanca
from cliente.sessao.tipos import Estado, ItemDeSaida, SalaListada, ServidorConhecido


class Sessao:
    """Fachada do cliente sem janela. Um só dono: todos os métodos são da thread que a criou.

    Nenhum método espera pela rede. Tudo o que acontece volta por ``bombear``; o que um comando muda na hora também.
    """

    estado: Estado
    nome: str | None
    """Nosso nome, na escrita que o servidor confirmou."""
    servidor: ServidorConhecido | None
    latencia_ms: float | None
    host: str
    porta: int

    def __init__(self, acordar: Callable[[], None], relogio: Callable[[], float] = time.monotonic) -> None:
        """``acordar`` pode ser chamada de qualquer thread, não deve esperar nem tocar em Tk (``Ponte.por`` serve)."""
        raise NotImplementedError

    # ---- leitura
    @property
    def retomando(self) -> bool:
        """Está voltando de uma queda: não troque de tela por causa do estado."""
        raise NotImplementedError

    @property
    def salas(self) -> tuple[SalaListada, ...]:
        """A lista de salas em ordem alfabética."""
        raise NotImplementedError

    @property
    def lista_completa(self) -> bool:
        """Se a lista já veio inteira."""
        raise NotImplementedError

    @property
    def conversas(self) -> tuple[Conversa, ...]:
        """As salas em que estamos, na ordem em que entramos."""
        raise NotImplementedError

    @property
    def total_de_nao_lidas(self) -> int:
        """Não lidas somadas de todas as salas."""
        raise NotImplementedError

    def conversa(self, sala: str) -> Conversa | None:
        """A conversa dessa sala (com ou sem ``#``, em qualquer caixa), ou ``None`` se não estamos nela."""
        raise NotImplementedError

    def pendentes(self, sala: str) -> tuple[ItemDeSaida, ...]:
        """O que escrevemos nessa sala e ainda não tem linha na conversa, em ordem."""
        raise NotImplementedError

    # ---- conexão
    def conectar(self, host: str, porta: int | str) -> None:
        """Procura o servidor (até 10 s). Dá ``EstadoMudou`` para SAUDADA ou ``ConexaoFalhou``."""
        raise NotImplementedError

    def identificar(self, nome: str) -> None:
        """Pede o nome. Dá ``Identificado`` ou ``NomeRecusado``."""
        raise NotImplementedError

    def reconectar(self) -> None:
        """Volta ao mesmo servidor, com o mesmo nome, às mesmas salas, e manda o que ficou por mandar.

        Vale em CAIU e, antes de haver nome, em DESCONECTADA depois de um ``conectar``. Falha dá ``ConexaoFalhou``.
        """
        raise NotImplementedError

    def voltar_para_conectar(self) -> None:
        """Larga o servidor e esquece nome, salas e ficha: estado DESCONECTADA. O não enviado volta em ``ItemDevolvido``."""
        raise NotImplementedError

    def encerrar(self) -> None:
        """Despede-se e fecha, sem esperar. Como ``voltar_para_conectar``; serve também para fechar a janela."""
        raise NotImplementedError

    def esperar_o_fim(self, tempo_limite_s: float = 2.0) -> bool:
        """Depois de ``encerrar`` e do laço de eventos: espera a thread da rede acabar. Diz se acabou."""
        raise NotImplementedError

    # ---- salas
    def acompanhar_salas(self) -> None:
        """Pede a lista e as suas mudanças ao vivo (repetir não faz mal)."""
        raise NotImplementedError

    def parar_de_acompanhar(self) -> None:
        """Não quer mais as mudanças da lista."""
        raise NotImplementedError

    def entrar(self, sala: str, criar: bool = False, senha: str | None = None) -> None:
        """Entra na sala. Dá ``EntrouNaSala`` ou ``EntradaRecusada``. ``criar=False``: não cria se não existe."""
        raise NotImplementedError

    def criar(self, sala: str, assunto: str = "", senha: str | None = None) -> None:
        """Cria a sala e entra nela. Dá ``EntrouNaSala`` ou ``EntradaRecusada``."""
        raise NotImplementedError

    def sair(self, sala: str) -> None:
        """Sai da sala. Dá ``DeixouSala``; o não enviado volta antes em ``ItemDevolvido``."""
        raise NotImplementedError

    def observar(self, sala: str | None) -> None:
        """Diz que sala está à vista (``None``: nenhuma): o que chega nela não conta como não lido. Zera as dela."""
        raise NotImplementedError

    def marcar_lida(self, sala: str) -> None:
        """Zera as não lidas; a marca ``novas_desde`` fica até a próxima leva ou até ``enviar``."""
        raise NotImplementedError

    def pedir_mais_antigas(self, sala: str) -> bool:
        """Pede a página anterior do histórico. Falso se não há, se já está vindo ou se não há conexão."""
        raise NotImplementedError

    # ---- mensagens
    def enviar(self, sala: str, texto: str) -> ItemDeSaida:
        """Guarda e envia uma mensagem, na ordem em que foi escrita.

        Devolve o item PENDENTE, ou RECUSADO (com ``frase``) se nem adianta tentar: deixe o texto onde está.
        Depois vêm ``ItemConfirmado`` e ``ItemSumiu``, ou ``ItemDevolvido``. Vale também em CAIU: segue ao reconectar.
        """
        raise NotImplementedError

    def digitando(self, sala: str) -> None:
        """Conta aos demais que se está escrevendo; no máximo uma vez a cada 3 s por sala vai ao fio."""
        raise NotImplementedError

    def bombear(self) -> list[Mudanca]:
        """Aplica o que a rede contou (até 200 fatos por vez; se sobrar, chama ``acordar``) e diz o que mudou."""
        raise NotImplementedError
