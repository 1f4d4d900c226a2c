using Osapi.Hosts.Tests.Hosts;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Inside a host the test executable is the agent's hands: it does operations and prints their entries.
if (args is [AgentProcess.Argument, ..])
    return await AgentProcess.ServeAsync(args);

// The rest is what xUnit generates.
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, Osapi.Hosts.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
