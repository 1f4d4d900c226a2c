using Osapi.Agent.Hosts;

namespace Osapi.Agent.Handlers;

/// <summary>
/// Does one operation on this host. It stops when the token says so, for a cancelled job and for one that ran out of time alike.
/// </summary>
/// <typeparam name="TRequest">The operation's request.</typeparam>
/// <typeparam name="TAnswer">The operation's result, or an <see cref="HandlerResult{T}"/> where that does not say it all.</typeparam>
internal delegate Task<TAnswer> Handler<in TRequest, TAnswer>(TRequest request, Host host, CancellationToken cancellationToken);
