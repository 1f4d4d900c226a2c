using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>Classifies failures of the broker.</summary>
internal static class NatsErrors
{
    public const int NoSuchConsumer = 10014;
    public const int NoSuchMessage = 10037;
    public const int NotDeleted = 10057;
    public const int NoSuchStream = 10059;
    public const int SubjectsOverlap = 10065;
    public const int WrongLastSequence = 10071;

    private const int NoPeers = 10005;
    private const int NoResources = 10023;
    private const int JetStreamIsOff = 10039;
    private const int NoStorage = 10047;
    private const int NoReplicas = 10074;
    private const int StoreFailed = 10077;
    private const int DuplicateIdInProgress = 10158;

    /// <summary>Checks that the same call may succeed later: an election, an interrupted connection, a starting server.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        NatsJSApiException { Error.ErrCode: NoResources or JetStreamIsOff or NoStorage or NoReplicas or StoreFailed } => false,
        // A starting cluster may still have too few servers.
        NatsJSApiException { Error: { Code: >= 500 } or { ErrCode: DuplicateIdInProgress or NoPeers } } => true,
        NatsJSApiException or NatsPayloadTooLargeException => false,
        NatsException or SocketException or IOException or TimeoutException => !IsRefusal(failure),
        _ => false,
    };

    /// <summary>
    /// Checks that the broker refuses our credentials, or that we do not trust the broker: waiting does not help.
    /// </summary>
    public static bool IsRefusal(Exception? failure) => failure switch
    {
        null => false,
        NatsServerException { IsAuthError: true } or AuthenticationException => true,
        // With TLS 1.3 a server refuses a certificate after the handshake, with an alert.
        CryptographicException => true,
        NatsException when failure.Message.Contains("does not support TLS", StringComparison.Ordinal) => true,
        _ => IsRefusal(failure.InnerException),
    };

    /// <summary>Gets the message of the innermost exception, which is the most helpful one.</summary>
    public static string Describe(Exception failure)
    {
        while (failure.InnerException is { } inner)
            failure = inner;
        if (failure is not NatsJSApiException { Error: { } error })
            return failure.Message;
        var hint = error.ErrCode is NoResources or NoStorage or StoreFailed ? "; its disk or its storage quota is full" : "";
        return $"{error.Description} ({error.ErrCode}){hint}";
    }
}
