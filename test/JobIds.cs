using System.Security.Cryptography;
using System.Text;
using Osapi.Operations;

namespace Osapi;

/// <summary>Ids of jobs for tests, which read better by name.</summary>
internal static class JobIds
{
    /// <summary>Returns the id that a text is, or the one that always stands for the name.</summary>
    public static JobId Of(string name) => JobId.TryParse(name, out var id) ? id : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16]);
}
