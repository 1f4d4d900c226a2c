using Osapi.Client;

namespace Osapi.Orchestrator.Execution;

/// <summary>The client for bodies of a plan without a client: each call fails with the reason.</summary>
internal sealed class MissingClient : HttpMessageHandler
{
    public static OsapiClient Create() => new("http://plan-without-client.invalid", token: "", new MissingClient());

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("the body calls the client, but the plan was made without one: new Plan(client)");
}
