using Osapi.Operations;

namespace Osapi.Client;

internal sealed partial class HttpInvoker
{
    private const int MethodNotAllowed = 405;

    // True when the controller is older than the route that takes every operation: it has the operations' own routes only.
    private volatile bool isOlder;

    /// <summary>Sends a call of hosts to the route that takes every operation, or to the operation's own route if the controller does not know the other.</summary>
    /// <exception cref="UnexpectedStatusException">The target is a list of hosts, and the controller does not know the route.</exception>
    private async Task<(Response Response, string MemberPrefix)> SendToHostsAsync(
        Operation operation, ReadOnlyMemory<byte> request, Target target, CallOptions call, CancellationToken cancellationToken)
    {
        var isList = target.Kind == TargetKind.Hosts;
        // A request that is not JSON goes where its errors are about itself and not about the body around it.
        if (isList || (!isOlder && SubmissionMessage.CanCarry(request)))
        {
            var response = await SendAsync(() => SubmissionMessage.Create(BaseUrl, operation, request, target, call), operation, call, cancellationToken).ConfigureAwait(false);
            var (status, body, _) = response;
            if (!IsUnknownRoute(status, body) || (isList && status != MethodNotAllowed))
                return (response, SubmissionMessage.RequestPrefix);
            if (isList)
                throw new UnexpectedStatusException(status, $"this controller is older than the client: it takes no list of hosts, so {operation.Id} was not called on {target.Hostnames.Count} hosts at once; name one host, a label or _all, or upgrade the controller");
            // A proxy or a wrong address answers 404, too: only the own route tells.
            isOlder = status == MethodNotAllowed;
        }

        return await SendToRouteAsync(operation, request, form: null, target, call, cancellationToken).ConfigureAwait(false);
    }

    // The 404 of a host has the id of its job.
    private static bool IsUnknownRoute(int status, byte[] body) => status == MethodNotAllowed || (status == 404 && ErrorResponse.ToException(status, body).JobId is null);
}
