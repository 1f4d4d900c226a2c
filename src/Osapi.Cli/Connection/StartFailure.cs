using System.Net.Sockets;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;

namespace Osapi.Cli.Connection;

/// <summary>The failures that depend on the machine and keep a system from starting: files, sockets, and other processes that hold them.</summary>
internal static class StartFailure
{
    public static bool Is(Exception exception) => exception
        is StateDirectoryBusyException or TransportException or IOException or UnauthorizedAccessException or InvalidDataException or SocketException or OperationException;
}
