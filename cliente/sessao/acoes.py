"""O que se pede à sessão depois de conectar: nome, salas, moderação, conta, conversas e mensagens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cliente.sessao.correio import Correio
from cliente.sessao.identidade import Identidade
from cliente.sessao.leitura import Leitura
from cliente.sessao.moderacao import Moderacao
from cliente.sessao.porteiro import Porteiro
from cliente.sessao.privada import ConversaPrivada
from cliente.sessao.tipos import Estado, ItemDeSaida

_FRASE_DE_FECHADA = "A conversa foi fechada antes de a mensagem ser enviada."


class Acoes(Leitura):
    """Nenhum método espera pela rede; todos são da thread dona da sessão. O resultado vem por ``bombear``."""

    _acordar: Callable[[], None]
    _porteiro: Porteiro
    _correio: Correio
    _identidade: Identidade
    _moderacao: Moderacao
    _acompanha: bool

    # ------------------------------------------------------------------ nome

    def identificar(self, nome: str, senha: str | None = None) -> None:
        """Pede o nome, com a senha da conta se ele é registrado. Só vale em SAUDADA.

        Dá ``Identificado`` ou ``NomeRecusado``. A senha não fica guardada.
        """
        self._conferir_thread()
        if self.estado is Estado.SAUDADA:
            self._identidade.pedir(nome, senha)
            self._acordar()

    def renomear(self, nome: str) -> None:
        """Troca de nome sem sair. Dá ``NomeMudou`` ou ``NomeRecusado``."""
        self._conferir_thread()
        if self.estado is Estado.IDENTIFICADA:
            self._identidade.renomear(nome)
            self._acordar()

    # ------------------------------------------------------------------ salas

    def acompanhar_salas(self) -> None:
        """Pede a lista e as suas mudanças ao vivo (repetir não faz mal)."""
        self._conferir_thread()
        if not self._acompanha:
            self._acompanha = True
            self._listar()

    def reler_salas(self) -> None:
        """Pede a lista uma vez, sem as mudanças. Dá ``ListaDeSalasMudou``; quem já a acompanha não precisa."""
        self._conferir_thread()
        if not self._acompanha:
            self._listar()

    def parar_de_acompanhar(self) -> None:
        """Não quer mais as mudanças da lista; o que se sabia fica como estava."""
        self._conferir_thread()
        if self._acompanha and self.estado is Estado.IDENTIFICADA:
            self._porteiro.parar_de_acompanhar()
        self._acompanha = False

    def entrar(self, sala: str, criar: bool = False, senha: str | None = None) -> None:
        """Entra na sala. Dá ``EntrouNaSala`` ou ``EntradaRecusada``. ``criar=False``: não cria se não existe."""
        self._pedir_entrada("entrar", sala, {"criar": criar}, senha)

    def criar(self, sala: str, assunto: str = "", senha: str | None = None) -> None:
        """Cria a sala e entra nela. Dá ``EntrouNaSala`` ou ``EntradaRecusada``."""
        self._pedir_entrada("criar", sala, {"assunto": assunto}, senha)

    def _pedir_entrada(self, tipo: str, sala: str, campos: dict[str, Any], senha: str | None) -> None:
        self._conferir_thread()
        if senha is not None:
            campos = {**campos, "senha": senha}
        if self.estado is Estado.IDENTIFICADA:
            self._porteiro.entrar(tipo, sala, campos)
        else:
            self._porteiro.recusar_sem_linha(tipo, sala)
        self._acordar()

    def sair(self, sala: str) -> None:
        """Sai da sala. Dá ``DeixouSala``; o não enviado volta antes em ``ItemDevolvido``."""
        self._conferir_thread()
        self._porteiro.sair(sala, tem_linha=self._tem_nome_e_linha())
        self._acordar()

    def observar(self, sala: str | None) -> None:
        """Diz que sala está à vista (``None``: nenhuma): o que chega nela não conta como não lido. Zera as dela."""
        self._conferir_thread()
        self._modelo.observar(sala)
        self._acordar()

    def pedir_mais_antigas(self, sala: str) -> bool:
        """Pede a página anterior do histórico. Falso se não há, se já está vindo ou se não há conexão."""
        self._conferir_thread()
        conversa = self._modelo.conversa(sala)
        return conversa is not None and self._tem_nome_e_linha() and self._porteiro.pedir_mais_antigas(conversa)

    def pedir_pagina(self, sala: str, depois: int) -> bool:
        """Pede até 200 mensagens da sala, as mais antigas de ``seq`` maior que ``depois``, sem as pôr na conversa.

        Dá ``PaginaChegou`` ou ``PaginaFalhou``. Falso se não estamos na sala ou não há conexão.
        """
        self._conferir_thread()
        conversa = self._modelo.conversa(sala)
        if conversa is None or conversa.esta_voltando or not self._tem_nome_e_linha():
            return False
        self._porteiro.pedir_pagina(conversa, depois)
        self._acordar()
        return True

    # ------------------------------------------------------------------ moderação e conta

    def expulsar(self, sala: str, nome: str, motivo: str = "") -> None:
        """Tira a pessoa da sala. Dá ``ModeracaoFeita`` ou ``ModeracaoRecusada``, como as quatro seguintes."""
        self._moderar("expulsar", sala, nome, motivo)

    def banir(self, sala: str, nome: str, motivo: str = "") -> None:
        """Tira a pessoa da sala e não a deixa voltar; vale também para quem não está."""
        self._moderar("banir", sala, nome, motivo)

    def desbanir(self, sala: str, nome: str) -> None:
        """Deixa voltar quem foi banido."""
        self._moderar("desbanir", sala, nome)

    def promover(self, sala: str, nome: str) -> None:
        """Faz da pessoa moderadora."""
        self._moderar("promover", sala, nome)

    def rebaixar(self, sala: str, nome: str) -> None:
        """Faz da moderadora membro comum."""
        self._moderar("rebaixar", sala, nome)

    def _moderar(self, acao: str, sala: str, nome: str, motivo: str = "") -> None:
        self._conferir_thread()
        self._moderacao.pedir(acao, sala, nome, motivo, self._tem_nome_e_linha())
        self._acordar()

    def registrar(self, senha: str, senha_atual: str | None = None) -> None:
        """Prende o nosso nome a uma senha (8 a 128 caracteres), ou a troca se já é registrado.

        Dá ``ContaRegistrada`` ou ``RegistroRecusado``.
        """
        self._conferir_thread()
        if self._tem_nome_e_linha():
            self._identidade.registrar(senha, senha_atual)
        else:
            self._identidade.recusar_registro_sem_linha()
        self._acordar()

    # ------------------------------------------------------------------ conversas privadas

    def abrir_privada(self, nome: str) -> ConversaPrivada:
        """A conversa com essa pessoa; nova (``PrivadaAberta``) se não havia. Nada vai ao servidor."""
        self._conferir_thread()
        conversa = self._modelo.privadas.abrir(nome)
        self._acordar()
        return conversa

    def fechar_privada(self, nome: str) -> None:
        """Esquece a conversa: ``PrivadaFechada``; o não enviado volta antes em ``ItemDevolvido``."""
        self._conferir_thread()
        conversa = self._modelo.privadas.com(nome)
        if conversa is not None:
            self._modelo.privadas.fechar(conversa, lambda quem: self._modelo.contar_devolvidos(
                self._modelo.caixa.devolver_pessoa(quem, "fechada", _FRASE_DE_FECHADA)))
            self._acordar()

    def observar_privada(self, nome: str | None) -> None:
        """Diz que conversa privada está à vista; nenhuma sala fica à vista com ela. Zera as não lidas dela."""
        self._conferir_thread()
        self._modelo.observar_privada(nome)
        self._acordar()

    def enviar_privada(self, nome: str, texto: str) -> ItemDeSaida:
        """Guarda e envia a uma pessoa (abrindo a conversa); ``/…`` é um comando, cuja resposta vem nesta conversa.

        Devolve e depois conta o mesmo que ``enviar``; o item tem ``para`` e ``sala`` vazia. A linha confirmada vem em
        ``PrivadaChegou``. Logo depois de uma queda espera-se até 60 s que a pessoa volte.
        """
        self._conferir_thread()
        item = self._correio.enviar_privada(nome, texto)
        self._acordar()
        return item

    # ------------------------------------------------------------------ mensagens e comandos

    def comando(self, texto: str, sala: str | None = None) -> ItemDeSaida:
        """Um comando ao Robô (``/…``, ou ``sair``), de uma sala ou de fora delas.

        Vai na ordem do que se escreveu na sala. Depois vêm ``RoboFalou`` e o que o comando mudar (``EntrouNaSala``,
        ``DeixouSala``, ``NomeMudou``, ``Encerrou``…), e por fim ``ItemConfirmado`` e ``ItemSumiu``; ``item.codigo``
        diz se foi recusado. Se a linha cai antes da resposta, volta em ``ItemDevolvido``: não se repete sozinho.
        """
        self._conferir_thread()
        item = self._correio.comandar(texto, sala)
        self._acordar()
        return item

    def enviar(self, sala: str, texto: str) -> ItemDeSaida:
        """Guarda e envia uma mensagem, na ordem em que foi escrita; ``/…`` é um comando, ``//`` escapa a barra.

        Devolve o item PENDENTE, ou RECUSADO (com ``frase``) se nem adianta tentar: deixe o texto onde está.
        Depois vêm ``ItemConfirmado`` e ``ItemSumiu``, ou ``ItemDevolvido``. Vale também em CAIU: segue ao reconectar.
        """
        self._conferir_thread()
        item = self._correio.enviar(sala, texto)
        self._acordar()
        return item

    def digitando(self, sala: str) -> None:
        """Conta aos demais que se está escrevendo; no máximo uma vez a cada 3 s por sala vai ao fio."""
        self._conferir_thread()
        self._correio.digitando(sala)

    # ------------------------------------------------------------------ o que a sessão tem

    def _listar(self) -> None:
        raise NotImplementedError

    def _tem_nome_e_linha(self) -> bool:
        raise NotImplementedError

    def _conferir_thread(self) -> None:
        raise NotImplementedError
