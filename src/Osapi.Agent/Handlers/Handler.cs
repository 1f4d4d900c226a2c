using Osapi.Agent.Hosts;

namespace Osapi.Agent.Handlers;

/// <summary>
/// Runs one operation on this host. It stops when the token is cancelled, both for a cancelled job and for a timeout.
/// </summary>
/// <typeparam name="TRequest">The operation's request.</typeparam>
/// <typeparam name="TAnswer">The operation's result, or a <see cref="HandlerResult{T}"/> for other outcomes.</typeparam>
internal delegate Task<TAnswer> Handler<in TRequest, TAnswer>(TRequest request, Host host, CancellationToken cancellationToken);
