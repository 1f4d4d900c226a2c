using System.Net.Sockets;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;

namespace Osapi.Cli.Connection;

/// <summary>Why a system cannot start that works elsewhere: files, sockets, and who holds them.</summary>
internal static class StartFailure
{
    public static bool Is(Exception exception) => exception
        is StateDirectoryBusyException or TransportException or IOException or UnauthorizedAccessException or InvalidDataException or SocketException or OperationException;
}
