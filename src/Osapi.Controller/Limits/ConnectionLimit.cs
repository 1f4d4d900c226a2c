using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Osapi.Controller.Limits;

/// <summary>Limits the connections of one listener.</summary>
/// <remarks>
/// When all are taken, a new connection replaces the one that has been idle longest: of the address with the most
/// connections, and first one that never sent a request. So idle connections do not keep out active callers. A new connection is
/// refused when every connection has a request in progress.
/// </remarks>
internal sealed class ConnectionLimit(int maxConnections, bool isPlain, LimitLog log)
{
    private static readonly object Key = new();

    private static readonly ReadOnlyMemory<byte> Refusal = Encoding.ASCII.GetBytes(
        $"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: {LimitResponse.RetryAfter}\r\nConnection: close\r\n\r\n"
        + """{"type":"urn:osapi:problem:unavailable","title":"Not available","status":503,"detail":"the controller has too many connections; try again later","error":"the controller has too many connections; try again later"}""");

    private readonly Dictionary<string, Address> addresses = [];
    private readonly Lock gate = new();
    private int count;

    /// <summary>The number of connections.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Serves a connection, if there is a place for it.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var slot = Add(connection, Caller.AddressOf(connection.RemoteEndPoint), out var evicted);
        if (evicted is not null || slot is null)
            log.Refused("connections", (evicted ?? slot)?.Address.Name ?? Caller.AddressOf(connection.RemoteEndPoint));
        evicted?.Close();
        if (slot is null)
        {
            await RefuseAsync(connection);
            return;
        }

        connection.Items[Key] = slot;
        try
        {
            await next(connection);
        }
        finally
        {
            Remove(slot);
        }
    }

    /// <summary>Marks the connection of a request as busy, until the result is disposed.</summary>
    public static IDisposable? Busy(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(Key, out var slot) == true && slot is Slot known ? known.Begin() : null;

    private async Task RefuseAsync(ConnectionContext connection)
    {
        // Before TLS there is no way to send a response.
        if (isPlain)
            await connection.Transport.Output.WriteAsync(Refusal);
        await connection.Transport.Output.CompleteAsync();
    }

    private Slot? Add(ConnectionContext connection, string name, out Slot? evicted)
    {
        lock (gate)
        {
            evicted = null;
            if (count == maxConnections && (evicted = IdleConnection()) is null)
                return null;
            if (evicted is not null)
                Forget(evicted);
            if (!addresses.TryGetValue(name, out var address))
                addresses[name] = address = new(name);
            Slot slot = new(this, connection, address);
            address.Count++;
            count++;
            slot.Wait();
            return slot;
        }
    }

    private Slot? IdleConnection()
    {
        Address? largest = null;
        foreach (var address in addresses.Values)
            if (address.IsAnyWaiting && (largest is null || address.Count > largest.Count))
                largest = address;
        return largest is null ? null : (largest.New.First ?? largest.Idle.First)!.Value;
    }

    private void Remove(Slot slot)
    {
        lock (gate)
            Forget(slot);
    }

    private void Forget(Slot slot)
    {
        if (slot.IsForgotten)
            return;
        slot.IsForgotten = true;
        slot.RemoveFromIdle();
        count--;
        if (--slot.Address.Count == 0)
            addresses.Remove(slot.Address.Name);
    }

    /// <summary>An address with its idle connections, the longest idle first.</summary>
    private sealed class Address(string name)
    {
        public string Name => name;

        public int Count { get; set; }

        /// <summary>The connections that never sent a request.</summary>
        public LinkedList<Slot> New { get; } = new();

        /// <summary>The connections that are kept alive after a response.</summary>
        public LinkedList<Slot> Idle { get; } = new();

        public bool IsAnyWaiting => New.Count > 0 || Idle.Count > 0;
    }

    /// <summary>A connection.</summary>
    private sealed class Slot : IDisposable
    {
        private readonly ConnectionLimit limit;
        private readonly ConnectionContext connection;
        private readonly LinkedListNode<Slot> node;
        private bool hasServed;
        private int requests;

        public Slot(ConnectionLimit limit, ConnectionContext connection, Address address)
        {
            this.limit = limit;
            this.connection = connection;
            Address = address;
            node = new(this);
        }

        public Address Address { get; }

        public bool IsForgotten { get; set; }

        public void Close() => connection.Abort(new ConnectionAbortedException("The connection was closed in favour of another one."));

        public IDisposable Begin()
        {
            lock (limit.gate)
                if (requests++ == 0)
                    RemoveFromIdle();
            return this;
        }

        /// <summary>Ends the request of the connection.</summary>
        public void Dispose()
        {
            lock (limit.gate)
            {
                hasServed = true;
                if (--requests == 0 && !IsForgotten)
                    Wait();
            }
        }

        public void Wait() => (hasServed ? Address.Idle : Address.New).AddLast(node);

        public void RemoveFromIdle() => node.List?.Remove(node);
    }
}
