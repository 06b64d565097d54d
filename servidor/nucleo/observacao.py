"""O que mudou desde o último retrato, para quem observa o servidor de fora."""

from __future__ import annotations

from servidor.nucleo.conexao import Conexao
from servidor.nucleo.eventos import Contadores, Retrato, SalaVista, UsuarioVisto
from servidor.nucleo.salas import Sala, Salas
from servidor.nucleo.usuarios import Usuario, Usuarios


class Observacao:
    """Anota o que mudou só enquanto alguém observa; sem observadores não custa nada."""

    def __init__(self) -> None:
        self.ligada = False
        self.mensagens = 0
        self.bytes_recebidos = 0
        self.bytes_enviados = 0
        self._usuarios: dict[int, Usuario] = {}
        self._salas: dict[int, Sala] = {}
        self._latencias: dict[int, float | None] = {}
        """De cada um, a que se contou por último."""
        self._andados_bytes = (0, 0)
        self._andava = True
        """Entre as duas últimas medidas passaram bytes."""
        self._contadores: Contadores | None = None
        """Os do último retrato."""
        self._completo = True

    def ligar(self, sim: bool) -> None:
        """Começa (com um retrato completo) ou deixa de anotar."""
        self.ligada = sim
        self._completo = True
        self._usuarios.clear()
        self._salas.clear()
        self._latencias.clear()

    def mexer_no_usuario(self, usuario: Usuario) -> None:
        """Este usuário mudou."""
        if self.ligada:
            self._usuarios[usuario.id] = usuario

    def mexer_na_sala(self, sala: Sala) -> None:
        """Esta sala mudou."""
        if self.ligada:
            self._salas[sala.id] = sala

    def retratar(
        self, usuarios: Usuarios, salas: Salas, conexoes: int, hora_ms: int, *, medir_todos: bool, trancado: bool = False
    ) -> Retrato | None:
        """O retrato do que mudou desde o anterior, ou ``None`` se nada mudou. ``medir_todos`` procura também as latências que mudaram."""
        if self._completo:
            self._usuarios = {usuario.id: usuario for usuario in usuarios.presentes()}
            self._salas = {sala.id: sala for sala in salas}
        if medir_todos:
            self._medir(usuarios)
        contadores = self._contar(usuarios, salas, conexoes, trancado)
        if not (self._completo or self._usuarios or self._salas) and contadores == self._contadores:
            return None
        vivas = {sala.id for sala in salas} if self._salas else ()
        retrato = Retrato(
            hora_ms=hora_ms,
            completo=self._completo,
            contadores=contadores,
            usuarios_mudados=tuple(_ver_usuario(u, u.conexao) for u in self._usuarios.values() if u.conexao is not None),
            usuarios_sumidos=tuple(u.id for u in self._usuarios.values() if u.conexao is None),
            salas_mudadas=tuple(_ver_sala(s) for s in self._salas.values() if s.id in vivas),
            salas_sumidas=tuple(i for i in self._salas if i not in vivas),
        )
        self._lembrar(retrato)
        return retrato

    def _lembrar(self, retrato: Retrato) -> None:
        """O próximo retrato parte do que este contou."""
        self._completo = False
        self._contadores = retrato.contadores
        self._latencias.update((visto.id, visto.latencia_ms) for visto in retrato.usuarios_mudados)
        for sumido in retrato.usuarios_sumidos:
            self._latencias.pop(sumido, None)
        self._usuarios.clear()
        self._salas.clear()

    def _medir(self, usuarios: Usuarios) -> None:
        antes, andava = self._andados_bytes, self._andava
        self._andados_bytes = self.bytes_recebidos, self.bytes_enviados
        self._andava = self._andados_bytes != antes
        # A latência só muda com o que anda; e a do último pedaço pode saber-se depois da medida que o viu passar.
        if not (self._andava or andava):
            return
        for usuario in usuarios:
            if usuario.conexao is not None and usuario.conexao.medir_latencia() != self._latencias.get(usuario.id):
                self._usuarios[usuario.id] = usuario

    def _contar(self, usuarios: Usuarios, salas: Salas, conexoes: int, trancado: bool) -> Contadores:
        return Contadores(
            usuarios=usuarios.conectados,
            conexoes=conexoes,
            salas=len(salas),
            protegidas=sum(sala.senha is not None for sala in salas),
            mensagens=self.mensagens,
            bytes_recebidos=self.bytes_recebidos,
            bytes_enviados=self.bytes_enviados,
            trancado=trancado,
        )


def _ver_usuario(usuario: Usuario, conexao: Conexao) -> UsuarioVisto:
    return UsuarioVisto(
        id=usuario.id,
        nome=usuario.nome,
        registrado=usuario.registrado,
        salas=tuple(sala.nome for sala in usuario.salas.values()),
        endereco=f"{conexao.endereco[0]}:{conexao.endereco[1]}",
        cifrado=conexao.cifrada,
        desde_ms=usuario.desde_ms,
        mensagens=usuario.mensagens,
        latencia_ms=conexao.medir_latencia(),
    )


def _ver_sala(sala: Sala) -> SalaVista:
    return SalaVista(
        id=sala.id,
        nome=sala.nome,
        membros=len(sala.membros),
        protegida=sala.senha is not None,
        fixa=sala.fixa,
        criador=sala.criador,
        mensagens=sala.ultima_seq,
        assunto=sala.assunto,
    )
