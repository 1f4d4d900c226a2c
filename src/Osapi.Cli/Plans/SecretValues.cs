using Osapi.Cli.Yaml;
using Osapi.Operations;
using Osapi.Plans.Secrets;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Plans;

/// <summary>Reads the secrets that the tasks of a plan need: from the environment, from files, from commands, and by asking.</summary>
internal static class SecretValues
{
    /// <summary>Returns the values by name.</summary>
    /// <exception cref="CommandException">A secret cannot be read; the messages are about all of them.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(IEnumerable<SecretSource> secrets, string planPath, SourceFiles sources, CancellationToken cancellationToken)
    {
        Dictionary<string, string> values = [];
        List<FileProblem> problems = [];
        // Questions come last: nobody should type a password for a plan that cannot run.
        foreach (var secret in secrets.OrderBy(secret => secret.Kind == SecretKind.Prompt))
            try
            {
                if (secret.Kind == SecretKind.Prompt && problems.Count > 0)
                    continue;
                values[secret.Name] = secret.Kind switch
                {
                    SecretKind.Env => Secret.FromEnvironment(secret.Source[0]).Reveal(),
                    SecretKind.File => Secret.FromFile(Path.Combine(Path.GetDirectoryName(planPath) ?? "", secret.Source[0])).Reveal(),
                    SecretKind.Command => await SecretCommand.ReadAsync(secret.Source, cancellationToken),
                    _ => await SecretPrompt.ReadAsync(secret.Source[0], cancellationToken),
                };
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException)
            {
                problems.Add(FileProblem.At(secret.Mark, $"the secret '{secret.Name}' cannot be read: {exception.Message}"));
            }

        return problems.Count == 0 ? values : throw CommandException.BadInput([], sources.Complete(planPath, problems));
    }
}
