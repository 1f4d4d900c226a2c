using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Auth;

/// <summary>Controls who sees the content of files that are not world-readable on their host.</summary>
/// <remarks>
/// The caller's permission decides what hosts include in their replies; each reader's permission decides what that
/// reader sees.
/// </remarks>
internal static class FileContentAccess
{
    /// <summary>True when the caller has the permission.</summary>
    public static bool MaySeeFileContent(this HttpContext context) => Roles.Permit(context.User, Permissions.FileContent);

    /// <summary>Filters the replies for a caller.</summary>
    public static IReadOnlyList<HostReply> VisibleTo(this IReadOnlyList<HostReply> entries, HttpContext context) =>
        context.MaySeeFileContent() ? entries : [.. entries.Select(entry => entry.WithoutFileContent())];
}
