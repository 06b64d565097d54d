"""A turma das fotos: gente inventada que entra, cria salas e conversa por sockets de verdade."""

from __future__ import annotations

import math
import random
import threading
import time

from tests.apoio.fio import Fio
from tests.capturas.rede import Rede

PROFESSORA = "Prof. Helena"
AULA = "sockets"
MONITORIA = "monitoria"
PRIMEIRO_NUMERO = 21
ALUNOS = (
    "Ana", "Bruno Reis", "Caio", "Davi Luz", "Elisa", "Fábio Nunes",
    "Gabi Torres", "Heitor", "Iara", "João Vítor", "Lívia",
)  # fmt: skip
SALAS = (
    (PROFESSORA, AULA, "Aula 7 — TCP, quadros e o tamanho na frente"),
    ("Bruno Reis", "projeto-final", "Grupos do trabalho: quem faz o quê"),
    ("Gabi Torres", "python", "Dúvidas de Python, sem vergonha de perguntar"),
    (PROFESSORA, "prova", "Só com a senha da professora"),
)
QUEM_ESTA_ONDE = {
    "geral": ("Ana", "Caio", "Elisa", "Heitor", "Iara", "Lívia", "João Vítor"),
    AULA: ("Ana", "Bruno Reis", "Davi Luz", "Elisa", "Gabi Torres"),
    "projeto-final": ("Caio", "Fábio Nunes", "Heitor"),
    "python": ("Davi Luz", "Iara", "Lívia"),
}
ANTES_DA_FOTO = (
    (PROFESSORA, "Bom dia, turma! Hoje vamos ver como o TCP entrega os bytes."),
    (PROFESSORA, "Leiam com calma: https://docs.python.org/pt-br/3/howto/sockets.html"),
    ("Bruno Reis", "Professora, por que a mensagem chega em dois pedaços quando uso recv(16)?"),
    ("Gabi Torres", "Aqui também! Mandei “Olá a todos!” e veio “Olá a to” e depois “dos!”."),
)
NA_FOTO = (
    (PROFESSORA, "@Ana Prado, você explica para o Bruno o que vimos na terça?"),
    # Digitada de verdade: o xdotool às vezes perde letras acentuadas, e aqui não há nenhuma.
    ("Ana Prado", "Porque o TCP entrega um fluxo de bytes, sem separar as mensagens. "
                  "Primeiro vem o tamanho, em 4 bytes, e depois o corpo."),
    (PROFESSORA, "Isso! O cabeçalho diz quanto falta, e a gente lê até completar."),
    ("Bruno Reis", "Então eu repito o recv até ter tudo. Entendi, obrigado!"),
    ("Davi Luz", "E se alguém mentir no tamanho?"),
)  # fmt: skip
CONVERSA_SOLTA = (
    "Alguém terminou o exercício 3?", "Terminei agora, faltava tratar o fim da conexão.",
    "O meu servidor aceita dois clientes, mas o terceiro espera.", "Falta uma thread por cliente.",
    "Ou um seletor!", "Qual é a diferença?", "Com o seletor, uma thread só atende a todos.",
    "Vamos dividir o trabalho?", "Eu faço a interface.", "Eu cuido do protocolo.", "Então fico com os testes.",
    "bytes ou str?", "No socket, sempre bytes: encode antes de mandar.", "E decode só com a mensagem inteira.",
    "Por quê?", "Um caractere pode chegar cortado ao meio.", "Boa, foi isso que aconteceu com o meu “ã”.",
    "Quem pode revisar o nosso relatório?", "Manda aqui que eu leio.", "Valeu!",
)  # fmt: skip
_SEMENTE = 7
_DA_CHEGADA_S = 1.6
_MENSAGENS_POR_S = 3.2
_ONDA_S = 24.0
_SALAS_SOLTAS = ("geral", "projeto-final", "python")


class Turma:
    """Todos os da turma. De qualquer thread; uma ação de cada vez."""

    def __init__(self, rede: Rede, porta: int) -> None:
        self._rede, self._porta = rede, porta
        self._fios: dict[str, Fio] = {}
        self._membros: dict[str, list[str]] = {sala: [] for sala in QUEM_ESTA_ONDE}
        self._vez = threading.RLock()
        self._acabou = threading.Event()
        self._todos_aqui = threading.Event()
        self._sorteio = random.Random(_SEMENTE)
        self._conversa = threading.Thread(target=self._conversar, name="turma")
        self._ja_falaram = 0

    def abrir(self) -> None:
        """A professora chega e arruma as salas; os alunos chegam um a um e começam a conversar."""
        self._entrar(PROFESSORA)
        self._conversa.start()

    def esperar_todos(self, prazo_s: float) -> None:
        """Espera os alunos estarem nos seus lugares."""
        assert self._todos_aqui.wait(prazo_s), "a turma não chegou"

    def fechar(self) -> None:
        """Vão todos embora."""
        self._acabou.set()
        self._conversa.join()
        for fio in self._fios.values():
            fio.fechar()

    def dizer(self, quem: str, sala: str, texto: str) -> None:
        """Uma fala, já gravada quando isto volta."""
        with self._vez:
            self._fios[quem].exigir("mensagem", sala=sala, texto=texto)

    def entrar(self, quem: str, sala: str) -> None:
        """Mais uma sala para esta pessoa."""
        with self._vez:
            self._fios[quem].exigir("entrar", sala=sala, criar=False)
            self._membros.setdefault(sala, []).append(quem)

    def sair(self, quem: str, sala: str) -> None:
        """Uma sala a menos."""
        with self._vez:
            self._membros[sala].remove(quem)
            self._fios[quem].exigir("sair", sala=sala)

    def digitar(self, quem: str, sala: str) -> None:
        """Esta pessoa está escrevendo."""
        with self._vez:
            self._fios[quem].exigir("digitando", sala=sala)

    def esperar(self, tipo: str, **campos: object) -> None:
        """Espera um evento chegar à professora, que vê o que os alunos da sala dela veem."""
        with self._vez:
            self._fios[PROFESSORA].evento(tipo, prazo_s=20, **campos)

    def promover(self, nome: str) -> None:
        """A professora ganha companhia na moderação da aula."""
        with self._vez:
            self._fios[PROFESSORA].exigir("promover", sala=AULA, nome=nome)

    def agitar(self) -> None:
        """Um pouco de tudo o que aparece num registro: gente que troca de sala, senha errada, navegador perdido."""
        with self._vez:
            de, para = ("python", "projeto-final") if "Lívia" in self._membros["python"] else ("projeto-final", "python")
            self.sair("Lívia", de)
            self.entrar("Lívia", para)
            self.dizer("Lívia", para, "Cheguei! Em que posso ajudar?")
            self._fios["Caio"].recusar("senha_incorreta", "entrar", sala="prova", criar=False, senha="12345")
            self.dizer("Bruno Reis", "projeto-final", "Faltam os testes e as figuras do relatório.")
            self._bater_na_porta_errada()
            self.dizer("Davi Luz", AULA, "Como a janela mostra quem foi recusado?")

    # Por dentro

    def _entrar(self, nome: str) -> None:
        numero = ALUNOS.index(nome) + 1 if nome in ALUNOS else 0
        fio = Fio(self._rede.endereco, self._porta, origem=self._endereco_de(numero))
        with self._vez:
            self._fios[nome] = fio
            fio.ola()
            fio.identificar(nome)
            for criador, sala, assunto in SALAS:
                if criador == nome:
                    senha = {"senha": "trocar-na-prova"} if sala == "prova" else {}
                    fio.exigir("criar", sala=sala, assunto=assunto, **senha)
            if nome == PROFESSORA:
                fio.exigir("entrar", sala="geral")

    def _bater_na_porta_errada(self) -> None:
        """Um navegador que se enganou de porta: o servidor o recusa, e o registro conta."""
        with Fio(self._rede.endereco, self._porta, origem=self._endereco_de(len(ALUNOS) + 1)) as fio:
            fio.cru(b"GET / HTTP/1.1\r\n\r\n")
            fio.erro("quadro_grande_demais")

    def _endereco_de(self, numero: int) -> str:
        return f"{self._rede.dos_alunos}{PRIMEIRO_NUMERO + numero}"

    def _conversar(self) -> None:
        inicio_s = time.monotonic()
        # Quem cria salas chega antes de quem só entra nelas.
        criadores = [criador for criador, _, _ in SALAS if criador in ALUNOS]
        a_chegar = [*criadores, *(nome for nome in ALUNOS if nome not in criadores)]
        while not self._acabou.is_set():
            passou_s = time.monotonic() - inicio_s
            if a_chegar and passou_s >= (len(ALUNOS) - len(a_chegar) + 1) * _DA_CHEGADA_S:
                self._sentar(a_chegar.pop(0))
                if not a_chegar:
                    self._abrir_a_aula()
            self._falar_a_toa()
            onda = 1 + 0.75 * math.sin(passou_s * 2 * math.pi / _ONDA_S)
            self._acabou.wait(self._sorteio.uniform(0.5, 1.5) / (_MENSAGENS_POR_S * onda))

    def _sentar(self, nome: str) -> None:
        self._entrar(nome)
        for sala, membros in QUEM_ESTA_ONDE.items():
            if nome in membros:
                self.entrar(nome, sala)

    def _abrir_a_aula(self) -> None:
        for quem, texto in ANTES_DA_FOTO:
            self.dizer(quem, AULA, texto)
        self._todos_aqui.set()

    def _falar_a_toa(self) -> None:
        sala = self._sorteio.choice(_SALAS_SOLTAS)
        with self._vez:
            if not self._membros[sala]:
                return
            quem = self._sorteio.choice(self._membros[sala])
            self.dizer(quem, sala, CONVERSA_SOLTA[self._ja_falaram % len(CONVERSA_SOLTA)])
            self._ja_falaram += 1
            # A professora guarda o que viu, para `esperar`; os outros não precisam.
            self._fios[quem].eventos.clear()
