using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Http;
using Osapi.Agent.Hosts.Network;
using Osapi.Agent.Waits;
using Osapi.Operations;
using Osapi.Operations.Http;

namespace Osapi.Agent.Http;

/// <summary>Runs <see cref="CheckHttp"/> on this host.</summary>
internal static class CheckHttpHandler
{
    private const int MaxAddresses = 16;
    private const int MaxTypeLength = 200;

    public static async Task<HttpCheckResult> HandleAsync(CheckHttp request, Host host, CancellationToken cancellationToken)
    {
        // What the caller must correct is told at once.
        using (new HttpFetch(new() { Ca = request.Ca }))
        {
        }

        WaitLoop loop = new(host, $"{request.Address} does not answer as expected")
        {
            Limit = TimeSpan.FromSeconds(request.Timeout ?? 300),
            Interval = TimeSpan.FromSeconds(request.Interval ?? 1),
            AttemptLimit = TimeSpan.FromSeconds(request.AttemptTimeout ?? 30),
        };
        HttpCheckResult? answer = null;
        var (waited, attempts) = await loop.RunAsync(
            async stop =>
            {
                try
                {
                    (var reason, answer) = await TryAsync(request, host, stop);
                    return reason;
                }
                catch (OperationException failed)
                {
                    return failed.Message.StartsWith($"{request.Address} ", StringComparison.Ordinal) ? failed.Message[(request.Address.Value.Length + 1)..] : failed.Message;
                }
            },
            cancellationToken);
        return answer! with { WaitedMs = waited, Attempts = attempts };
    }

    private static async Task<(string? Reason, HttpCheckResult? Answer)> TryAsync(CheckHttp request, Host host, CancellationToken stop)
    {
        var address = request.Address.Uri;
        using HttpFetch fetch = new(new()
        {
            Headers = request.Headers,
            Ca = request.Ca,
            FollowsRedirects = request.FollowRedirects != false,
            ValidatesCertificate = request.ValidateCertificate != false,
            ConnectTo = request.ConnectTo is { } name ? (address.IdnHost, [.. (await host.FindAddressesAsync(name, stop)).Take(MaxAddresses)]) : null,
        });
        using var response = await fetch.SendAsync(request.Method == HttpCheckMethod.Head ? HttpMethod.Head : HttpMethod.Get, address, etag: null, stop);
        var (status, final) = ((int)response.StatusCode, response.RequestMessage!.RequestUri!);
        if (request.Statuses is { } accepted ? !accepted.Contains(status) : status is < 200 or > 299)
            return ($"{(final == address ? "" : $"{final} ")}answers {status}", null);
        if (await new ExpectedContent(request).WhyNotAsync(response, stop) is { } reason)
            return (reason, null);
        return (null, new()
        {
            HttpStatus = status,
            WaitedMs = 0,
            Attempts = 0,
            FinalAddress = final == address ? null : final.AbsoluteUri,
            ContentType = response.Content.Headers.ContentType?.ToString() is { Length: <= MaxTypeLength } type ? type : null,
            CertificateExpiresAt = fetch.CertificateExpiresAt,
        });
    }
}
