using Osapi.Controller.Auth;

namespace Osapi.Controller.Tests;

/// <summary>The token of an administrator, signed with the key in a controller's state directory.</summary>
internal static class AdminToken
{
    public static string Of(string stateDirectory, string subject = "tester") =>
        new Tokens(SigningKey.LoadOrCreate(Path.Combine(stateDirectory, SigningKey.FileName)), TimeProvider.System).Generate(subject, ["admin"], [], TimeSpan.FromHours(1));
}
