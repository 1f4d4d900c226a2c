using Osapi.Operations;

namespace Osapi.Testing;

/// <summary>A call that a <see cref="ScriptedInvoker"/> received.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Request">The request, a value of the operation's request type.</param>
/// <param name="Target">The hosts; null for an operation of the controller.</param>
/// <param name="Options">The options; the defaults when the caller gave none.</param>
public sealed record ScriptedCall(Operation Operation, object Request, Target? Target, CallOptions Options)
{
    /// <summary>Returns the operation and its target, such as <c>node.hostname.get _any</c>.</summary>
    public override string ToString() => $"{Operation} {Target}".TrimEnd();
}
