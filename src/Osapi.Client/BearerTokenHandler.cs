namespace Osapi.Client;

/// <summary>Gets the token for each request, so that an expiring token is replaced in time.</summary>
internal sealed class BearerTokenHandler(Func<CancellationToken, ValueTask<string>> token) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var value = await token(cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = string.IsNullOrEmpty(value) ? null : new("Bearer", value);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
