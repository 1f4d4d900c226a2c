using System.Buffers.Text;
using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Cli.Settings;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi nats permissions</c>: prints the accounts on the broker for agents and controllers, without asking anybody.</summary>
internal static partial class NatsCommands
{
    private const int PasswordSize = 24;
    private const int MaxFileSize = 64 << 20;

    private static readonly Argument<string[]> Names = new("name") { Description = "The hosts of the agents", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> OfControllers = new("--controller") { Description = "Print the account of the controllers, which every agent's account refers to" };
    private static readonly Option<string?> From = new("--passwords-from") { Description = "A file with an earlier output, whose passwords are kept; default: every password is new", HelpName = "file" };

    public static Command Create(ConnectionOptions connection)
    {
        Command permissions = new("permissions", "Print the accounts of agents and controllers for the configuration of nats-server") { Names, OfControllers, From };
        permissions.Action = new CheckedAction((result, problems) =>
        {
            var configuration = connection.Configuration(result);
            configuration.CheckFile();
            return Read(result.GetValue(Names) ?? [], result.GetValue(OfControllers), result.GetValue(From), configuration.Get(NatsSettings.Prefix) ?? "osapi", problems);
        });
        return new("nats", "The broker of a fleet") { permissions };
    }

    private static Func<CancellationToken, Task<int>> Read(string[] names, bool ofControllers, string? from, string prefix, List<string> problems)
    {
        if (names.Length == 0 && !ofControllers)
            problems.Add("name the hosts of the agents, or give --controller");
        problems.AddRange(names.Where(name => !HostKey.IsName(name)).Select(name => $"'{SettingReaders.Excerpt(name)}' is not the name of a host"));
        var kept = from is null ? [] : PasswordsOf(from, problems);
        return _ =>
        {
            Terminal.Raw(Text(new(prefix), prefix, names, ofControllers, kept).TrimEnd());
            return Task.FromResult(ExitCode.Ok);
        };
    }

    private static string Text(BrokerAccounts accounts, string prefix, string[] names, bool ofControllers, Dictionary<string, string> kept)
    {
        StringBuilder text = new($"# Accounts of the system '{prefix}' for nats-server. The passwords are in it: only the user of the server may read it.\n");
        if (ofControllers)
            text.Append(CultureInfo.InvariantCulture, $"\n# Controllers: nats.user is {accounts.ControllersUser}\n").Append(accounts.OfControllers(PasswordOf(accounts.ControllersUser)));
        // Names that differ in letter case only are one host.
        foreach (var name in names.DistinctBy(HostKey.Of))
            text.Append(CultureInfo.InvariantCulture, $"\n# The agent of {name}: nats.user is {accounts.UserOf(name)}, nats.api_prefix is {accounts.AgentApiPrefix}\n").Append(accounts.OfAgent(name, PasswordOf(accounts.UserOf(name))));
        return text.ToString();

        string PasswordOf(string user) => kept.GetValueOrDefault(user) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordSize));
    }

    private static Dictionary<string, string> PasswordsOf(string file, List<string> problems)
    {
        Dictionary<string, string> passwords = [];
        try
        {
            if (new FileInfo(file).Length > MaxFileSize)
                problems.Add($"--passwords-from: {file} is larger than {MaxFileSize} bytes");
            else
                foreach (var user in User.Matches(File.ReadAllText(file)).Where(match => BrokerAccounts.IsPassword(match.Groups[2].Value)))
                    passwords[user.Groups[1].Value] = user.Groups[2].Value;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"--passwords-from cannot be read: {exception.Message}");
        }

        return passwords;
    }

    [GeneratedRegex("\\buser: \"([^\"\n]+)\", password: \"([^\"\n]+)\"")]
    private static partial Regex User { get; }
}
