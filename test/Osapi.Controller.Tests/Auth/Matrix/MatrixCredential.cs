using System.Net;

namespace Osapi.Controller.Tests.Auth.Matrix;

/// <summary>A kind of credential, and what its bearer is according to the tests.</summary>
/// <param name="Name">The name.</param>
/// <param name="Authorizations">The values of the header; none for no header.</param>
internal sealed record MatrixCredential(string Name, params IReadOnlyList<string> Authorizations)
{
    /// <summary>The permissions; null for a caller that is not authenticated.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    /// <summary>The operations that it is limited to.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>True when it is limited to targets.</summary>
    public bool HasTargets { get; init; }

    /// <summary>The status of every endpoint, when the server refuses the request itself.</summary>
    public HttpStatusCode? Rejected { get; init; }

    /// <summary>The client certificate; null for none.</summary>
    public string? Certificate { get; init; }

    /// <summary>True when the connection is refused.</summary>
    public bool IsDisconnected { get; init; }

    /// <summary>Further text of the query.</summary>
    public string Query { get; init; } = "";

    /// <summary>A further header.</summary>
    public (string Name, string Value)? Header { get; init; }

    public override string ToString() => Name;
}
